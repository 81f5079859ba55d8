package dev.sallyport.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However the bytes of a connection are cut, the same requests come out of them, or the same fault. */
final class Http1SplitTest {
    private static final int MUTATED_CONVERSATIONS = 3_000;
    private static final String[] PARTS = {
        "\r", "\n", "\r\n", " ", "\t", ":", ";", ",", "0", "1", "5", "A", "f", "GET", "POST", "HTTP/1.1", "HTTP/1.0",
        "/", "/a", "/..", "%", "%2e", "?", "*", "\0", "\u0080", "chunked",
        "Host: a\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n",
        "Expect: 100-continue\r\n", "0\r\n\r\n", "5\r\nhello\r\n", "\r\n\r\n"
    };
    private static final List<String> CONVERSATIONS = List.of(
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /a/../b?c=d HTTP/1.1\r\nHost: a.example:80\r\nContent-Length: 5\r\nX: y\r\n\r\nhelloGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 1\r\n\r\n\r\nGET /2 HTTP/1.0\r\nHost: a\r\n\r\n",
            "GET http://a.example/x HTTP/1.1\r\nHost: b\r\nConnection: X-A, close\r\nX-A: 1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: y\nZ: w\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX",
            "GET / HTTP/2.0\r\n\r\n");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void anyOneCutMakesNoDifference(int conversation) {
        String bytes = CONVERSATIONS.get(conversation);
        List<String> whole = read(bytes, List.of());
        for (int cut = 1; cut < bytes.length(); cut++) {
            assertThat(read(bytes, List.of(cut))).as("cut at %d", cut).isEqualTo(whole);
        }
        List<Integer> everywhere = new ArrayList<>();
        for (int cut = 1; cut < bytes.length(); cut++) {
            everywhere.add(cut);
        }
        assertThat(read(bytes, everywhere)).as("byte by byte").isEqualTo(whole);
    }

    @Test
    void cutsMakeNoDifferenceToWhateverIsSent() {
        for (long seed = 0; seed < MUTATED_CONVERSATIONS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String bytes = mutated(random);
            List<Integer> cuts = new ArrayList<>();
            for (int cut = 1; cut < bytes.length(); cut++) {
                if (random.nextInt(8) == 0) {
                    cuts.add(cut);
                }
            }
            assertThat(read(bytes, cuts)).as("seed %d: %s", seed, bytes).isEqualTo(read(bytes, List.of()));
        }
    }

    private static String mutated(SplittableRandom random) {
        StringBuilder bytes = new StringBuilder(CONVERSATIONS.get(random.nextInt(CONVERSATIONS.size())));
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(bytes.length());
            String part = PARTS[random.nextInt(PARTS.length)];
            switch (random.nextInt(3)) {
                case 0 -> bytes.insert(at, part);
                case 1 -> bytes.deleteCharAt(at);
                default -> bytes.replace(at, Math.min(bytes.length(), at + part.length()), part);
            }
            if (bytes.isEmpty()) {
                bytes.append(part);
            }
        }
        return bytes.toString();
    }

    /** What comes out: a line per head, body and trailer section, and the fault if there is one. */
    private static List<String> read(String bytes, List<Integer> cuts) {
        Http1Input input = new Http1Input(Limits.DEFAULTS, new Scratch(), false);
        Reading reading = new Reading(input);
        int from = 0;
        try {
            for (int cut : cuts) {
                reading.take(bytes.substring(from, cut));
                from = cut;
            }
            reading.take(bytes.substring(from));
            input.end();
            reading.go();
        } catch (ProtocolViolation violation) {
            reading.events.add(violation.code().text() + ": " + violation.detail());
        } finally {
            input.release();
        }
        reading.flushBody();
        return reading.events;
    }

    private static final class Reading {
        private final Http1Input input;
        private final List<String> events = new ArrayList<>();
        private final StringBuilder body = new StringBuilder();
        private @Nullable Http1Request request;

        Reading(Http1Input input) {
            this.input = input;
        }

        void take(String bytes) throws ProtocolViolation {
            ByteBuf piece =
                    UnpooledByteBufAllocator.DEFAULT.heapBuffer(bytes.length()).writeBytes(bytes.getBytes(ISO_8859_1));
            input.add(UnpooledByteBufAllocator.DEFAULT, piece);
            go();
        }

        void go() throws ProtocolViolation {
            while (request == null ? head() : body()) {
                // until it needs more
            }
        }

        private boolean head() throws ProtocolViolation {
            request = input.request();
            if (request != null) {
                RequestHead head = request.head();
                events.add(head.method() + ' ' + head.authority() + head.path() + '?' + head.query() + ' '
                        + head.protocol() + ' ' + text(head.headers()) + request.bodyLength()
                        + request.persistent() + request.expectsContinue());
            }
            return request != null;
        }

        private boolean body() throws ProtocolViolation {
            ByteBuf chunk = input.body();
            if (chunk != null) {
                body.append(chunk.toString(ISO_8859_1));
                chunk.release();
            }
            if (input.framing().done()) {
                flushBody();
                events.add("trailers " + text(input.framing().trailers()));
                request = null;
                return true;
            }
            return chunk != null;
        }

        private void flushBody() {
            if (!body.isEmpty()) {
                events.add("body " + body);
                body.setLength(0);
            }
        }

        private static String text(Headers headers) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < headers.size(); i++) {
                text.append(headers.name(i)).append('=').append(headers.value(i)).append('|');
            }
            return text.toString();
        }
    }
}
