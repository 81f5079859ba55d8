package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.Eventually;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.TestCertificates;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever does not read stops whoever writes, through the gateway, which keeps next to nothing. */
final class BackpressureTest {
    private static final long GIGABYTE = 1L << 30;
    private static final long UPLOAD_BYTES = 128L << 20;
    /** The system's buffers of two connections; a body that piled up would be many times larger. */
    private static final long IN_BETWEEN_BYTES_MAX = 32L << 20;
    /** What the gateway itself may hold. */
    private static final long HELD_BYTES_MAX = 4L << 20;
    private static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final TestCertificates authority = new TestCertificates();
    private final TestKey key = TestKey.make();
    private final AtomicLong moved = new AtomicLong();
    private final CountDownLatch gate = new CountDownLatch(1);
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.neverAnswers());
        gateway = TestGateway.startSecure(authority, """
                models:
                  m: {url: "%s", body: 2 GiB, answer: {body: 2 GiB}, timeouts: {first-byte: 60 s, idle: 60 s}}
                callers:
                  app: {key: "%s", may: [m]}
                """.formatted(upstream.url(), key.hash()));
    }

    @AfterEach
    void stop() throws Exception {
        gate.countDown();
        gateway.close();
        upstream.close();
    }

    @Test
    void aReaderOfHttp11ThatStopsStopsTheUpstreamAndMayGoOn() throws Exception {
        sendAGigabyte();
        try (RawClient client = RawClient.connectWithWindow(gateway.port(), 64 << 10)) {
            client.send("GET /m/predict HTTP/1.1\r\nHost: a.example\r\nAuthorization: " + key.bearer() + "\r\n\r\n");
            assertThat(client.head().status()).isEqualTo(200);

            assertStill();
            client.input().skipNBytes(GIGABYTE);

            assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aReaderOfHttp2ThatOpensNoWindowStopsTheUpstream() throws Exception {
        sendAGigabyte();
        try (FrameClient client = new FrameClient(gateway.port())) {
            client.headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/m/predict", ":authority",
                    "a.example",
                    "authorization", key.bearer());
            assertThat(client.decode(client.next()).status()).hasToString("200");

            assertStill();
        }
        upstream.awaitConnection().ended().get(20, TimeUnit.SECONDS);
        Eventually.assertEventually(() -> assertThat(gateway.directBytes()).isZero());
    }

    @ParameterizedTest
    @EnumSource
    void anUpstreamThatReadsNothingStopsTheClientAndMayGoOn(HttpClient.Version version) throws Exception {
        upstream.behave((connection, request) -> {
            gate.await();
            connection.readBody(request);
            connection.respond(200, "text/plain", Long.toString(request.bodyBytes()).getBytes(US_ASCII));
        });
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(authority.clientContext()).version(version).build()) {
            CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                    HttpRequest.newBuilder(gateway.secureUri("/m/predict"))
                            .header("Authorization", key.bearer())
                            .POST(BodyPublishers.ofInputStream(() -> new Zeros(moved)))
                            .build(),
                    BodyHandlers.ofString());

            assertStill();
            gate.countDown();

            assertThat(answer.get(60, TimeUnit.SECONDS).body()).isEqualTo(Long.toString(UPLOAD_BYTES));
            assertThat(answer.get().version()).isEqualTo(version);
        }
    }

    private void sendAGigabyte() {
        upstream.behave((connection, request) -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + GIGABYTE + "\r\n\r\n");
            byte[] chunk = new byte[Behaviour.CHUNK_BYTES];
            while (moved.get() < GIGABYTE) {
                connection.output().write(chunk);
                moved.addAndGet(chunk.length);
            }
            gate.countDown();
        });
    }

    /** The transfer has begun, stands still, and little of it is anywhere. */
    private void assertStill() throws Exception {
        long[] seen = {-1, System.nanoTime()};
        Eventually.assertEventually(() -> {
            long now = moved.get();
            if (now != seen[0]) {
                seen[0] = now;
                seen[1] = System.nanoTime();
            }
            assertThat(now).isPositive();
            assertThat(System.nanoTime() - seen[1]).isGreaterThan(STILL_NANOS);
        });
        assertThat(moved.get()).isLessThan(IN_BETWEEN_BYTES_MAX);
        assertThat(gateway.directBytes()).isLessThan(HELD_BYTES_MAX);
    }

    /** {@value #UPLOAD_BYTES} bytes, made as they are read. */
    private static final class Zeros extends InputStream {
        private final AtomicLong read;

        Zeros(AtomicLong read) {
            this.read = read;
        }

        @Override
        public int read() {
            return read(new byte[1], 0, 1) < 0 ? -1 : 0;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int bytes = (int) Math.min(length, UPLOAD_BYTES - read.get());
            read.addAndGet(bytes);
            return bytes == 0 ? -1 : bytes;
        }
    }
}
