package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.http.RawHttp2Client.Frame;
import dev.sallyport.gateway.http.TestingHandler.RecordedExchange;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of clients that are slow, by a clock that jumps. */
final class Http2TimeoutTest {
    private static final Limits LIMITS = Limits.DEFAULTS;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int MARGIN_MILLIS = 2_000;

    private final TestingHandler handler = TestingHandler.echo();
    private TestingGateway gateway;
    private RawHttp2Client client;

    @BeforeEach
    void start() throws IOException {
        gateway = TestingGateway.plain(handler);
        client = gateway.connect();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        gateway.close();
    }

    /** Has all that was sent be read, then lets time pass, and the timers notice. */
    private void pass(long millis) throws Exception {
        client.ping();
        gateway.pass(millis);
    }

    @Test
    void anIdleConnectionEndsWithAFarewell() throws Exception {
        client.get(1, "/");
        client.response(1);
        pass(LIMITS.idleMillis() - MARGIN_MILLIS);
        client.ping();
        gateway.pass(MARGIN_MILLIS + 100);

        Frame first = client.await(RawHttp2Client.GOAWAY, 0);
        assertThat(first.error()).isEqualTo(RawHttp2Client.NO_ERROR);
        assertThat(first.lastStream()).isEqualTo(Integer.MAX_VALUE);
        client.frame(RawHttp2Client.PING, RawHttp2Client.ACK, 0, client.await(RawHttp2Client.PING, 0).payload());
        assertThat(client.await(RawHttp2Client.GOAWAY, 0).lastStream()).isEqualTo(1);
        assertThat(client.awaitClose()).isEqualTo(-1);
    }

    @Test
    void aConnectionWithAStreamIsNotIdle() throws Exception {
        handler.onExchange = _ -> {};
        client.get(1, "/");
        client.ping();
        pass(3L * LIMITS.idleMillis());

        client.get(3, "/");
        client.ping();
        assertThat(handler.exchanges).hasSize(2);
    }

    @Test
    void aHeaderBlockThatDoesNotEnd() throws Exception {
        byte[] block = RawHttp2Client.requestBlock("GET", "/");
        client.frame(RawHttp2Client.HEADERS, RawHttp2Client.END_STREAM, 1, Arrays.copyOf(block, 10));
        // A ping, to know that this was read, would be an error in the middle of a header block.
        gateway.pass(0);
        gateway.pass(LIMITS.headMillis() - MARGIN_MILLIS);
        client.frame(RawHttp2Client.CONTINUATION, 0, 1, Arrays.copyOfRange(block, 10, 20));
        gateway.pass(MARGIN_MILLIS);

        assertThat(client.awaitClose()).isEqualTo(RawHttp2Client.ENHANCE_YOUR_CALM);
        assertThat(handler.refusals.take().reason().code()).isEqualTo(RefusalCode.REQUEST_TIMEOUT);
    }

    @Test
    void aHeadersFrameThatDoesNotEnd() throws Exception {
        byte[] frame = RawHttp2Client.encoded(RawHttp2Client.HEADERS, 5, 1, RawHttp2Client.requestBlock("GET", "/"));
        client.get(3, "/");
        client.response(3);
        client.raw(Arrays.copyOf(frame, 15));
        gateway.pass(0);
        gateway.pass(LIMITS.headMillis());

        assertThat(client.awaitClose()).isEqualTo(RawHttp2Client.ENHANCE_YOUR_CALM);
    }

    @Test
    void aHeaderBlockThatEndsInTime() throws Exception {
        byte[] block = RawHttp2Client.requestBlock("GET", "/");
        client.frame(RawHttp2Client.HEADERS, RawHttp2Client.END_STREAM, 1, Arrays.copyOf(block, 10));
        gateway.pass(0);
        gateway.pass(LIMITS.headMillis() - MARGIN_MILLIS);
        client.frame(RawHttp2Client.CONTINUATION, RawHttp2Client.END_HEADERS, 1,
                Arrays.copyOfRange(block, 10, block.length));
        assertThat(client.response(1).status()).isEqualTo(200);
        pass(LIMITS.headMillis());
        client.get(3, "/");
        assertThat(client.response(3).status()).isEqualTo(200);
    }

    @Test
    void aBodyThatStalls() throws Exception {
        client.request(1, "POST", "/", false);
        client.data(1, false, new byte[16_000]);
        RecordedExchange recorded = handler.exchanges.take();
        recorded.onFailed = () -> recorded.answer(408, "slow");
        pass(LIMITS.bodyStallMillis() - MARGIN_MILLIS);
        client.data(1, false, new byte[10_000]);
        pass(LIMITS.bodyStallMillis() - MARGIN_MILLIS);
        assertThat(recorded.events).isEmpty();
        pass(MARGIN_MILLIS);

        assertThat(client.response(1).status()).isEqualTo(408);
        assertThat(client.await(RawHttp2Client.RST_STREAM, 1).error()).isEqualTo(RawHttp2Client.NO_ERROR);
        assertThat(recorded.events.take()).isEqualTo("failed request-timeout");
    }

    @Test
    void aBodyThatTrickles() throws Exception {
        client.request(1, "POST", "/", false);
        RecordedExchange recorded = handler.exchanges.take();
        int second = LIMITS.bodyBytesPerSecond();
        for (int i = 0; i < 13; i++) {
            client.data(1, false, new byte[second * 3 / 2]);
            pass(1_000);
        }
        assertThat(recorded.events).as("just fast enough").isEmpty();
        for (int i = 0; i < 9; i++) {
            client.data(1, false, new byte[1]);
            pass(1_000);
        }

        assertThat(recorded.events.take()).isEqualTo("failed request-timeout");
    }

    @Test
    void aBodyThatWeDoNotTakeIsNotSlow() throws Exception {
        handler.onExchange = _ -> {};
        client.request(1, "POST", "/", false);
        RecordedExchange recorded = handler.exchanges.take();
        pass(10L * LIMITS.bodyStallMillis());

        assertThat(recorded.events).isEmpty();
    }

    @Test
    void aStreamOfMessagesMayBeSilent() throws Exception {
        client.request(1, "POST", "/", false, "content-type", "application/grpc");
        RecordedExchange recorded = handler.exchanges.take();
        pass(10L * LIMITS.bodyStallMillis());
        assertThat(recorded.events).isEmpty();
        pass(LIMITS.tunnelIdleMillis());

        assertThat(recorded.events.take()).isEqualTo("failed request-timeout");
    }

    @Test
    void aClientThatOpensNoWindow() throws Exception {
        handler.onExchange = recorded -> recorded.answer(200, "x".repeat(100));
        try (RawHttp2Client greedy = RawHttp2Client.over(
                new Socket(gateway.address().getAddress(), gateway.address().getPort()), INITIAL_WINDOW_SIZE, 0)) {
            greedy.get(1, "/");
            greedy.await(RawHttp2Client.HEADERS, 1);
            gateway.pass(LIMITS.writeStallMillis() - MARGIN_MILLIS);
            greedy.windowUpdate(1, 10);
            assertThat(greedy.await(RawHttp2Client.DATA, 1).payload()).hasSize(10);
            gateway.pass(LIMITS.writeStallMillis() - MARGIN_MILLIS);
            greedy.ping();
            gateway.pass(LIMITS.writeStallMillis());

            assertThat(greedy.await(RawHttp2Client.RST_STREAM, 1).error()).isEqualTo(RawHttp2Client.CANCEL);
        }
    }

    @Test
    void aClientThatReadsNothing() throws Exception {
        handler.onExchange = recorded -> {
            recorded.exchange.respond(new ResponseHead(200, new Headers(), RequestHead.UNKNOWN_LENGTH), false);
            recorded.onWritable = () -> {
                while (recorded.exchange.writable()) {
                    recorded.exchange.chunk(Unpooled.wrappedBuffer(new byte[65_536]));
                }
            };
            recorded.onWritable.run();
        };
        try (RawHttp2Client deaf = gateway.connect()) {
            deaf.windowUpdate(0, 2_000_000_000);
            deaf.request(1, "GET", "/", true);
            deaf.windowUpdate(1, 2_000_000_000);
            RecordedExchange recorded = handler.exchanges.take();
            // Once to notice that nothing moves any more, once to wait for as long as is allowed.
            gateway.pass(LIMITS.writeStallMillis());
            gateway.pass(LIMITS.writeStallMillis());
            gateway.pass(LIMITS.writeStallMillis());

            assertThat(recorded.events).contains("disconnected");
        }
    }
}
