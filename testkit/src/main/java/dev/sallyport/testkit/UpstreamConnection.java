package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One connection that an upstream accepted: blocking verbs, with which a behaviour can do right or wrong. */
public final class UpstreamConnection {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;
    private final MessageReader reader;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    UpstreamConnection(Socket socket) throws IOException {
        this.socket = socket;
        input = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
        output = socket.getOutputStream();
        reader = new MessageReader(input);
    }

    /** Completes when the connection is over, whoever ended it. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    public InputStream input() {
        return input;
    }

    public OutputStream output() {
        return output;
    }

    /** Sends {@code text}, one byte per character. */
    public UpstreamConnection send(String text) throws IOException {
        output.write(text.getBytes(ISO_8859_1));
        output.flush();
        return this;
    }

    /** Sends a response that is whole. */
    public void respond(int status, String mediaType, byte[] body) throws IOException {
        send("HTTP/1.1 " + status + " Status\r\nContent-Type: " + mediaType + "\r\nContent-Length: " + body.length
                + "\r\n\r\n");
        output.write(body);
        output.flush();
    }

    public void sendChunk(byte[] bytes, int length) throws IOException {
        send(Integer.toHexString(length) + "\r\n");
        output.write(bytes, 0, length);
        send("\r\n");
    }

    public void sendChunk(String text) throws IOException {
        sendChunk(text.getBytes(ISO_8859_1), text.length());
    }

    /** Ends the connection with a TCP reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Ends our direction only. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    public void close() throws IOException {
        socket.close();
    }

    /** Reads and forgets until the other end closes or resets. */
    public void awaitEnd() {
        byte[] ignored = new byte[BUFFER_BYTES];
        try {
            while (input.read(ignored) >= 0) {
                // forgotten
            }
        } catch (IOException _) {
            // reset: over as well
        }
    }

    /** Reads the whole body of {@code request}. */
    public void readBody(ReceivedRequest request) throws IOException {
        request.complete(reader.body(request.fields(), false, request::received));
    }

    /** The next request without its body; null when the other end closed. */
    @Nullable
    ReceivedRequest readHead() throws IOException {
        String first = reader.firstLine();
        if (first == null) {
            return null;
        }
        String[] line = first.split(" ", 3);
        if (line.length != 3) {
            throw new IOException("not a request line: " + first);
        }
        return new ReceivedRequest(line[0], line[1], reader.fields());
    }
}
