package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.http.TestingHandler.RecordedExchange;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that are slow, in every place where one can be, against a clock that the test moves. */
final class Http1TimeoutTest {
    private static final Limits LIMITS = Limits.DEFAULTS;
    private static final String HOST = "Host: a.example\r\n";

    private final TestingHandler handler = TestingHandler.echo();
    private final TestingGateway gateway;

    Http1TimeoutTest() throws IOException {
        gateway = TestingGateway.plain(handler);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void refusesAHeadThatComesTooSlowly() throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            serveOne(client);
            client.send("GET / HTTP/1.1\r\n");
            awaitHeadBegun();
            gateway.clock.advanceMillis(LIMITS.headMillis() - 2_000);
            client.send("X: y\r\n");
            gateway.clock.advanceMillis(2_500);

            assertThat(client.answer().status()).isEqualTo(408);
            assertThat(client.untilClosed()).isEmpty();
            assertThat(requireNonNull(handler.refusals.poll(5, TimeUnit.SECONDS)).reason().code())
                    .isEqualTo(RefusalCode.REQUEST_TIMEOUT);
        }
    }

    @Test
    void closesAConnectionThatIsIdleForTooLongWithoutAWord() throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            serveOne(client);
            gateway.clock.advanceMillis(LIMITS.idleMillis() - 2_000);
            serveOne(client);
            gateway.clock.advanceMillis(LIMITS.idleMillis() + 100);

            assertThat(client.untilClosed()).isEmpty();
            assertThat(handler.refusals).isEmpty();
        }
    }

    @Test
    void givesUpABodyThatStalls() throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            // Enough, and fast enough, for the least rate.
            RecordedExchange recorded = beginBody(client, 100_000, 50_000);
            gateway.clock.advanceMillis(LIMITS.bodyStallMillis() - 2_000);
            client.send("x".repeat(1_000));
            awaitReceived(recorded, 51_000);
            gateway.clock.advanceMillis(LIMITS.bodyStallMillis() - 2_000);
            onLoop(recorded, () -> assertThat(recorded.events).isEmpty());
            gateway.clock.advanceMillis(3_000);

            assertFailed(recorded, client);
        }
    }

    @Test
    void givesUpABodyThatComesBelowTheLeastRate() throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            RecordedExchange recorded = beginBody(client, 100_000, 10);
            for (int second = 1; second <= 9; second++) {
                gateway.clock.advanceMillis(1_000);
                client.send("x");
                awaitReceived(recorded, 10 + second);
            }
            onLoop(recorded, () -> assertThat(recorded.events).isEmpty());
            gateway.clock.advanceMillis(2_000);

            assertFailed(recorded, client);
        }
    }

    @Test
    void doesNotHoldItsOwnPauseAgainstTheClient() throws Exception {
        handler.onExchange = recorded -> {};
        try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\n");
            RecordedExchange recorded = next();
            gateway.clock.advanceMillis(LIMITS.bodyStallMillis() * 2L);
            onLoop(recorded, recorded.exchange::resumeRequest);
            onLoop(recorded, recorded.exchange::pauseRequest);
            gateway.clock.advanceMillis(LIMITS.bodyStallMillis() * 2L);
            onLoop(recorded, recorded.exchange::resumeRequest);
            client.send("hello");

            assertThat(recorded.events.poll(5, TimeUnit.SECONDS)).isEqualTo("end");
            assertThat(recorded.text()).isEqualTo("hello");
        }
    }

    @Test
    void refusesAChunkedBodyThatBreaksOffWithinItsFraming() throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send("POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX");
            RecordedExchange recorded = next();
            awaitReceived(recorded, 5);
            gateway.clock.advanceMillis(LIMITS.bodyStallMillis() + 1_000);

            assertThat(recorded.events.poll(5, TimeUnit.SECONDS)).isEqualTo("failed malformed-request");
        }
    }

    @Test
    void disconnectsAClientThatTakesNothingOfItsAnswer() throws Exception {
        handler.onExchange = recorded -> {
            recorded.exchange.respond(new ResponseHead(200, new Headers(), 30_000_000), false);
            for (int i = 0; i < 300; i++) {
                recorded.exchange.chunk(Unpooled.wrappedBuffer(new byte[100_000]));
            }
        };
        try (RawHttp1Client client = RawHttp1Client.connect(gateway.address(), 8 * 1024)) {
            client.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
            RecordedExchange recorded = next();
            onLoop(recorded, () -> {});
            String event = null;
            // The system's buffers take some of it at first, so that the first rounds may see progress.
            for (int round = 0; !"disconnected".equals(event) && round < 20; round++) {
                gateway.clock.advanceMillis(LIMITS.writeStallMillis() + 100);
                event = recorded.events.poll(500, TimeUnit.MILLISECONDS);
            }
            assertThat(event).isEqualTo("disconnected");
        }
    }

    @Test
    void closesWhenTheRestOfAnUnwantedBodyDoesNotCome() throws Exception {
        handler.onExchange = recorded -> recorded.answer(403, "no");
        try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            assertThat(client.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 500\r\n\r\nhello").answer().status())
                    .isEqualTo(403);
            gateway.clock.advanceMillis(6_000);
            assertThat(client.untilClosed()).isEmpty();
        }
    }

    @Test
    void closesAConnectionWhoseClientDoesNotCloseAfterTheLastAnswer() throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            assertThat(client.send("nonsense\r\n\r\n").answer().status()).isEqualTo(400);
            assertThat(client.untilClosed()).isEmpty();
            gateway.clock.advanceMillis(3_000);
            // Once the server has closed for good, what is sent is answered with a reset.
            boolean reset = false;
            for (int i = 0; !reset && i < 200; i++) {
                try {
                    client.send("x");
                    Thread.onSpinWait();
                    requireNonNull(handler.refusals).poll(20, TimeUnit.MILLISECONDS);
                } catch (IOException e) {
                    reset = true;
                }
            }
            assertThat(reset).isTrue();
        }
    }

    private void serveOne(RawHttp1Client client) throws Exception {
        assertThat(client.send("GET / HTTP/1.1\r\n" + HOST + "\r\n").answer().status()).isEqualTo(200);
        next();
    }

    /** Sends the head and the first bytes of a body, and waits until they have arrived. */
    private RecordedExchange beginBody(RawHttp1Client client, int length, int sent) throws Exception {
        client.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: " + length + "\r\n\r\n" + "x".repeat(sent));
        RecordedExchange recorded = next();
        awaitReceived(recorded, sent);
        return recorded;
    }

    private static void assertFailed(RecordedExchange recorded, RawHttp1Client client) throws Exception {
        assertThat(recorded.events.poll(5, TimeUnit.SECONDS)).isEqualTo("failed request-timeout");
        onLoop(recorded, () -> recorded.answer(408, ""));
        RawHttp1Client.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.field("connection")).isEqualTo("close");
    }

    private RecordedExchange next() throws InterruptedException {
        return requireNonNull(handler.exchanges.poll(10, TimeUnit.SECONDS), "no exchange came");
    }

    private static void awaitReceived(RecordedExchange recorded, long bytes) throws Exception {
        while (recorded.received < bytes) {
            onLoop(recorded, () -> {});
        }
    }

    /** Until the loops have read what was sent before: a second connection's exchange comes after it, on each loop. */
    private void awaitHeadBegun() throws Exception {
        for (int i = 0; i < 4; i++) {
            try (RawHttp1Client other = RawHttp1Client.connect(gateway.address())) {
                serveOne(other);
            }
        }
    }

    private static void onLoop(RecordedExchange recorded, Runnable action) throws Exception {
        recorded.exchange.loop().submit(action).get(10, TimeUnit.SECONDS);
    }
}
