package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.http.TestingHandler.RecordedExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each bound on frames: what is just within it passes, one more ends the connection. */
final class Http2FloodTest {
    private static final int WINDOW_MILLIS = 30_000;

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

    @Test
    void rapidReset() throws Exception {
        handler.onExchange = _ -> {};
        int stream = 1;
        for (int i = 0; i < Limits.DEFAULTS.resetsPerWindow(); i++, stream += 2) {
            client.get(stream, "/");
            client.reset(stream, RawHttp2Client.CANCEL);
        }
        client.ping();
        for (RecordedExchange recorded : handler.exchanges) {
            assertThat(recorded.events).containsExactly("disconnected");
        }
        client.get(stream, "/");
        client.reset(stream, RawHttp2Client.CANCEL);

        assertThat(client.awaitClose()).isEqualTo(RawHttp2Client.ENHANCE_YOUR_CALM);
    }

    @Test
    void resetsAreForgottenAfterTheWindow() throws Exception {
        int stream = 1;
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < Limits.DEFAULTS.resetsPerWindow(); i++, stream += 2) {
                client.get(stream, "/");
                client.reset(stream, RawHttp2Client.CANCEL);
            }
            client.ping();
            gateway.clock.advanceMillis(WINDOW_MILLIS);
        }
        client.ping();
    }

    @Test
    void resetsThatWeAreProvokedInto() throws Exception {
        int stream = 1;
        for (int i = 0; i < Limits.DEFAULTS.resetsPerWindow(); i++, stream += 2) {
            client.request(stream, "POST", "/", false);
            client.windowUpdate(stream, 0);
        }
        client.ping();
        client.request(stream, "POST", "/", false);
        client.windowUpdate(stream, 0);

        assertThat(client.awaitClose()).isEqualTo(RawHttp2Client.ENHANCE_YOUR_CALM);
    }

    @Test
    void concurrentStreams() throws Exception {
        handler.onExchange = _ -> {};
        int streams = Limits.DEFAULTS.streams();
        for (int i = 0; i < streams; i++) {
            client.get(1 + 2 * i, "/");
        }
        client.ping();
        assertThat(handler.exchanges).hasSize(streams);
        client.get(1 + 2 * streams, "/");

        assertThat(client.await(RawHttp2Client.RST_STREAM, 1 + 2 * streams).error()).as("REFUSED_STREAM").isEqualTo(7);
        RecordedExchange first = handler.exchanges.take();
        first.exchange.loop().execute(() -> first.answer(200, ""));
        client.response(1);
        client.get(3 + 2 * streams, "/");
        client.ping();
        assertThat(handler.exchanges).hasSize(streams);
    }

    @Test
    void continuations() throws Exception {
        continuations(1, Limits.DEFAULTS.continuations());
        assertThat(client.response(1).status()).isEqualTo(200);

        continuations(3, Limits.DEFAULTS.continuations() + 1);
        assertThat(client.awaitClose()).isEqualTo(RawHttp2Client.ENHANCE_YOUR_CALM);
    }

    private void continuations(int stream, int count) throws IOException {
        byte[] block = RawHttp2Client.requestBlock("GET", "/", "x-own", "y".repeat(100));
        client.frame(RawHttp2Client.HEADERS, RawHttp2Client.END_STREAM, stream,
                Arrays.copyOf(block, block.length - count + 1));
        for (int left = count - 1; left > 0; left--) {
            client.frame(RawHttp2Client.CONTINUATION, 0, stream, block[block.length - left]);
        }
        client.frame(RawHttp2Client.CONTINUATION, RawHttp2Client.END_HEADERS, stream);
    }

    @Test
    void encodedHeaderBytes() throws Exception {
        // A quarter more than may come of it; then HPACK's table is lost, and the connection with it.
        int most = Limits.DEFAULTS.headerBytes() * 5 / 4;
        blocks(1, most);
        assertThat(client.response(1).status()).isEqualTo(431);

        blocks(3, most + 1);
        assertThat(client.awaitClose()).isEqualTo(RawHttp2Client.PROTOCOL_ERROR);
    }

    private void blocks(int stream, int bytes) throws IOException {
        byte[] head = RawHttp2Client.requestBlock("GET", "/");
        int overhead = RawHttp2Client.block("x", "y".repeat(65_000)).length - 65_000;
        byte[] block = Arrays.copyOf(head, bytes);
        int at = head.length;
        while (at < bytes) {
            int value = Math.min(65_000, bytes - at - overhead);
            byte[] field = RawHttp2Client.block("x", "y".repeat(value));
            System.arraycopy(field, 0, block, at, field.length);
            at += field.length;
        }
        for (int from = 0; from < bytes; from += 16_384) {
            int to = Math.min(bytes, from + 16_384);
            client.frame(from == 0 ? RawHttp2Client.HEADERS : RawHttp2Client.CONTINUATION,
                    (from == 0 ? RawHttp2Client.END_STREAM : 0) | (to == bytes ? 4 : 0), stream,
                    Arrays.copyOfRange(block, from, to));
        }
    }

    @Test
    void pings() throws Exception {
        controlFrames(RawHttp2Client.encoded(RawHttp2Client.PING, RawHttp2Client.ACK, 0, new byte[8]));
    }

    @Test
    void settings() throws Exception {
        controlFrames(RawHttp2Client.encoded(RawHttp2Client.SETTINGS, 0, 0));
    }

    @Test
    void priorities() throws Exception {
        controlFrames(RawHttp2Client.encoded(RawHttp2Client.PRIORITY, 0, 1, new byte[5]));
    }

    @Test
    void windowUpdates() throws Exception {
        controlFrames(RawHttp2Client.encoded(RawHttp2Client.WINDOW_UPDATE, 0, 0, RawHttp2Client.number(1)));
    }

    @Test
    void unknownFrames() throws Exception {
        controlFrames(RawHttp2Client.encoded(0xbe, 0, 0, new byte[3]));
    }

    private void controlFrames(byte[] frame) throws IOException {
        client.await(RawHttp2Client.SETTINGS, 0);
        // Two are spent already, or will be: the settings of the preface and the ping that shows the connection alive.
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < Limits.DEFAULTS.controlFramesPerWindow() - 2; i++) {
            frames.writeBytes(frame);
        }
        client.raw(frames.toByteArray());
        client.ping();
        client.raw(frame);

        assertThat(client.awaitClose()).isEqualTo(RawHttp2Client.ENHANCE_YOUR_CALM);
    }

    @Test
    void controlFramesAreForgottenAfterTheWindow() throws Exception {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < Limits.DEFAULTS.controlFramesPerWindow() - 2; i++) {
                client.windowUpdate(0, 1);
            }
            client.ping();
            gateway.clock.advanceMillis(WINDOW_MILLIS);
        }
        client.ping();
    }

    @Test
    void aDownloadMayAnswerEachFrameWithTwo() throws Exception {
        int bytes = 20_000_000;
        handler.onExchange = recorded -> recorded.answer(200, "x".repeat(bytes));
        client.get(1, "/");
        client.windowUpdate(0, 1_000_000_000);
        client.windowUpdate(1, 1_000_000_000);
        int received = 0;
        int frames = 0;
        while (received < bytes) {
            int length = client.await(RawHttp2Client.DATA, 1).payload().length;
            received += length;
            frames++;
            if (received < bytes) {
                client.windowUpdate(0, length);
                client.windowUpdate(1, length);
            }
        }
        assertThat(frames * 2).isGreaterThan(Limits.DEFAULTS.controlFramesPerWindow());
        client.ping();
    }

    @Test
    void emptyDataFrames() throws Exception {
        client.request(1, "POST", "/", false);
        empty(Limits.DEFAULTS.emptyDataFrames());
        client.data(1, false, "x");
        empty(Limits.DEFAULTS.emptyDataFrames());
        client.ping();
        client.frame(RawHttp2Client.DATA, RawHttp2Client.PADDED, 1, new byte[]{2, 0, 0});

        assertThat(client.awaitClose()).isEqualTo(RawHttp2Client.ENHANCE_YOUR_CALM);
    }

    private void empty(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            client.data(1, false, new byte[0]);
        }
    }

    @Test
    void smallPartsThatWaitDoNotKeepAsManyReadBuffers() throws Exception {
        handler.onExchange = _ -> {};
        client.request(1, "POST", "/", false);
        int parts = 20_000;
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < parts; i++) {
            frames.writeBytes(RawHttp2Client.encoded(RawHttp2Client.DATA, 0, 1, (byte) i));
        }
        client.raw(frames.toByteArray());
        client.ping();

        RecordedExchange recorded = handler.exchanges.take();
        int[] chunks = {0};
        recorded.onChunk = () -> chunks[0]++;
        recorded.exchange.loop().submit(recorded.exchange::resumeRequest).get();
        assertThat(recorded.received).isEqualTo(parts);
        assertThat(chunks[0]).isEqualTo(3);
    }

    @Test
    void whatFollowsTheEndOfAConnectionIsNotRead() throws Exception {
        client.raw(RawHttp2Client.encoded(RawHttp2Client.PING, 0, 1, new byte[8]));
        try {
            for (int stream = 1; stream < 100; stream += 2) {
                client.get(stream, "/");
            }
        } catch (IOException e) {
            // Closed meanwhile.
        }

        client.awaitClose();
        assertThat(handler.exchanges).isEmpty();
    }
}
