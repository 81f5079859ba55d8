package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.http.TestingHandler.RecordedExchange;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each bound of an HTTP/1.1 connection, at the limit and one past it, over a socket. */
final class Http1LimitsTest {
    private static final Limits LIMITS = Limits.DEFAULTS;
    private static final String HOST = "Host: a.example\r\n";

    private final TestingHandler handler = TestingHandler.echo();
    private final TestingGateway gateway;

    Http1LimitsTest() throws IOException {
        gateway = TestingGateway.plain(handler);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void boundsTheTarget() throws Exception {
        String target = "/" + "a".repeat(LIMITS.targetBytes() - 1);
        assertAnswers(200, "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n");
        assertRefuses(RefusalCode.TARGET_TOO_LONG, "GET " + target + "a HTTP/1.1\r\n" + HOST + "\r\n");
        assertRefuses(RefusalCode.TARGET_TOO_LONG, "GET " + target + "a".repeat(100));
    }

    @Test
    void boundsAField() throws Exception {
        String value = "a".repeat(LIMITS.fieldBytes() - 1);
        assertAnswers(200, "GET / HTTP/1.1\r\n" + HOST + "X: " + value + "\r\n\r\n");
        assertRefuses(RefusalCode.HEADER_TOO_LARGE, "GET / HTTP/1.1\r\n" + HOST + "X: " + value + "a\r\n\r\n");
    }

    @Test
    void boundsAFieldName() throws Exception {
        String name = "n".repeat(LIMITS.fieldNameBytes());
        assertAnswers(200, "GET / HTTP/1.1\r\n" + HOST + name + ": a\r\n\r\n");
        assertRefuses(RefusalCode.HEADER_TOO_LARGE, "GET / HTTP/1.1\r\n" + HOST + name + "n: a\r\n\r\n");
    }

    @Test
    void boundsTheFields() throws Exception {
        assertAnswers(200, "GET / HTTP/1.1\r\n" + HOST + "X: a\r\n".repeat(LIMITS.fields() - 1) + "\r\n");
        assertRefuses(RefusalCode.HEADER_TOO_LARGE,
                "GET / HTTP/1.1\r\n" + HOST + "X: a\r\n".repeat(LIMITS.fields()) + "\r\n");
    }

    @Test
    void boundsTheHeaderSection() throws Exception {
        String exact = HOST + "X: " + "a".repeat(65_000) + "\r\nY: ";
        String rest = "a".repeat(LIMITS.headerBytes() - exact.length() - "\r\nZ: \r\n\r\n".length() - 1_000) + "\r\nZ: "
                + "a".repeat(1_000);
        assertAnswers(200, "GET / HTTP/1.1\r\n" + exact + rest + "\r\n\r\n");
        assertRefuses(RefusalCode.HEADER_TOO_LARGE, "GET / HTTP/1.1\r\n" + exact + rest + "a\r\n\r\n");
    }

    @Test
    void boundsTheTrailerSection() throws Exception {
        String head = "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n";
        assertAnswers(200, head + "X: a\r\n".repeat(LIMITS.fields()) + "\r\n");
        assertFails(RefusalCode.HEADER_TOO_LARGE, head + "X: a\r\n".repeat(LIMITS.fields() + 1) + "\r\n");
        assertFails(RefusalCode.HEADER_TOO_LARGE, head + ("X: " + "a".repeat(60_000) + "\r\n").repeat(3) + "\r\n");
    }

    @Test
    void boundsTheChunkExtensionsOfABodyInAll() throws Exception {
        String head = "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
        String chunk = "1;" + "e".repeat(LIMITS.chunkExtensionBytes() / 2 - 1) + "\r\nx\r\n";
        assertAnswers(200, head + chunk + chunk + "0\r\n\r\n");
        assertFails(RefusalCode.MALFORMED_REQUEST, head + chunk + chunk + "0;e\r\n\r\n");
    }

    @Test
    void boundsTheRequestsOfAConnection() throws Exception {
        Limits three = TestingLimits.with("requestsPerConnection", 3);
        try (TestingGateway few = TestingGateway.plain(three, handler);
                RawHttp1Client client = RawHttp1Client.connect(few.address())) {
            for (int i = 1; i <= 3; i++) {
                RawHttp1Client.Answer answer = client.send("GET / HTTP/1.1\r\n" + HOST + "\r\n").answer();
                assertThat(answer.field("connection")).isEqualTo(i == 3 ? "close" : "");
            }
            assertThat(client.untilClosed()).isEmpty();
        }
    }

    @Test
    void readsNoFurtherAheadThanTheLimitWhileAnAnswerIsUnderWay() throws Exception {
        TestingHandler waiting = new TestingHandler();
        try (TestingGateway slow = TestingGateway.plain(waiting);
                RawHttp1Client client = RawHttp1Client.connect(slow.address())) {
            client.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
            RecordedExchange recorded = requireNonNull(waiting.exchanges.poll(10, TimeUnit.SECONDS));
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 300; i++) {
                        client.send("x".repeat(100_000));
                    }
                } catch (IOException e) {
                    // the server closes in the end
                }
            });
            // 30 MB are more than both systems' buffers hold, so that the sender stays behind as long as the server does not read.
            assertThat(sender.join(java.time.Duration.ofMillis(300))).isFalse();
            recorded.exchange.loop().submit(() -> recorded.answer(200, "")).get(10, TimeUnit.SECONDS);
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.answer().status()).isEqualTo(400);
            sender.join();
        }
    }

    private void assertAnswers(int status, String request) throws IOException {
        try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            assertThat(client.send(request).answer().status()).isEqualTo(status);
        }
    }

    /** Refused before it became an exchange: with a problem document, a call id that the handler is told too, and the connection closed. */
    private void assertRefuses(RefusalCode code, String request) throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            RawHttp1Client.Answer answer = client.send(request).answer();
            TestingHandler.Refused refused = requireNonNull(handler.refusals.poll(10, TimeUnit.SECONDS));

            assertThat(answer.status()).isEqualTo(code.status());
            assertThat(answer.field("content-type")).isEqualTo("application/problem+json");
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(answer.body()).contains("\"code\":\"" + code.text() + "\"",
                    "\"call\":\"" + refused.callId() + "\"");
            assertThat(answer.field("sallyport-call")).isEqualTo(refused.callId());
            assertThat(refused.reason().code()).isEqualTo(code);
            assertThat(refused.peer().client().isLoopbackAddress()).isTrue();
            assertThat(client.untilClosed()).isEmpty();
        }
    }

    /** The head was good, and then the body broke the bound. */
    private void assertFails(RefusalCode code, String request) throws Exception {
        handler.exchanges.clear();
        try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send(request);
            RecordedExchange recorded = requireNonNull(handler.exchanges.poll(10, TimeUnit.SECONDS));
            assertThat(recorded.events.poll(10, TimeUnit.SECONDS)).isEqualTo("failed " + code.text());
            recorded.exchange.loop().submit(() -> recorded.answer(code.status(), "")).get(10, TimeUnit.SECONDS);
            RawHttp1Client.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(code.status());
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(client.untilClosed()).isEmpty();
        }
    }
}
