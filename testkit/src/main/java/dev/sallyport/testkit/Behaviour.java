package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** What an upstream does when a request's head has come: blocking code on a thread of its own. */
@FunctionalInterface
public interface Behaviour {
    int CHUNK_BYTES = 64 << 10;

    /** May throw as it likes: the connection is closed then. When it returns, the next request is read. */
    void answer(UpstreamConnection connection, ReceivedRequest request) throws IOException, InterruptedException;

    static Behaviour answers(int status, String mediaType, String body) {
        return (connection, request) -> {
            connection.readBody(request);
            connection.respond(status, mediaType,
                    request.method().equals("HEAD") ? new byte[0] : body.getBytes(ISO_8859_1));
        };
    }

    /** Sends the body back that it got. */
    static Behaviour echoes() {
        return (connection, request) -> {
            connection.readBody(request);
            try {
                connection.respond(200, "application/octet-stream", request.body());
            } catch (ExecutionException | TimeoutException impossible) {
                throw new IllegalStateException(impossible);
            }
        };
    }

    /** Sends nothing, ever. */
    static Behaviour neverAnswers() {
        return (connection, request) -> connection.awaitEnd();
    }

    /** Answers once {@code gate} opens. */
    static Behaviour answersAfter(CountDownLatch gate, Behaviour then) {
        return (connection, request) -> {
            gate.await();
            then.answer(connection, request);
        };
    }

    /** Sends a head and a first chunk, and the rest once {@code gate} opens. */
    static Behaviour pausesInBody(CountDownLatch gate, String first, String rest) {
        return (connection, request) -> {
            connection.readBody(request);
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            connection.sendChunk(first);
            gate.await();
            connection.sendChunk(rest);
            connection.send("0\r\n\r\n");
        };
    }

    /** Sends {@code text} as it is, right or wrong, and closes. */
    static Behaviour sends(String text) {
        return (connection, request) -> {
            connection.readBody(request);
            connection.send(text).close();
        };
    }

    /** Sends {@code text} and then a TCP reset. */
    static Behaviour resetsAfter(String text) {
        return (connection, request) -> {
            connection.readBody(request);
            if (!text.isEmpty()) {
                connection.send(text);
            }
            connection.reset();
        };
    }

    /** Ends its direction without an answer, and waits for the other. */
    static Behaviour halfCloses() {
        return (connection, request) -> {
            connection.readBody(request);
            connection.halfClose();
            connection.awaitEnd();
        };
    }

    /** Promises {@code promised} bytes and closes after {@code sent}. */
    static Behaviour closesAfter(int sent, int promised) {
        return sends("HTTP/1.1 200 OK\r\nContent-Length: " + promised + "\r\n\r\n" + "x".repeat(sent));
    }

    /** Sends a body of {@code bytes} bytes, as fast as it is taken. */
    static Behaviour sendsBytes(long bytes) {
        return (connection, request) -> {
            connection.readBody(request);
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: " + bytes
                    + "\r\n\r\n");
            byte[] chunk = new byte[CHUNK_BYTES];
            for (long rest = bytes; rest > 0; rest -= Math.min(rest, chunk.length)) {
                connection.output().write(chunk, 0, (int) Math.min(rest, chunk.length));
            }
        };
    }

    /** Sends chunks until the other end has enough. */
    static Behaviour neverEnds() {
        return (connection, request) -> {
            connection.readBody(request);
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] chunk = new byte[CHUNK_BYTES];
            while (true) {
                connection.sendChunk(chunk, chunk.length);
            }
        };
    }
}
