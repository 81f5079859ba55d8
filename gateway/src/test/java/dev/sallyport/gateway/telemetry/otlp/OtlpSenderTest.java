package dev.sallyport.gateway.telemetry.otlp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.testing.TestAuthority;
import dev.sallyport.gateway.testing.TestingCollector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OtlpSenderTest {
    private static final byte[] EMPTY_BATCH = {};
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<Long> pauses = new ArrayList<>();
    private boolean ending;
    private TestingCollector collector;

    @BeforeEach
    void start() throws IOException {
        collector = TestingCollector.start();
    }

    @AfterEach
    void stop() {
        collector.close();
    }

    @Test
    void postsWhatTheProtocolAsksFor() {
        assertThat(send(collector.tracesUrl(), null)).isEqualTo(new Delivery.Taken(0));

        assertThat(collector.heads()).containsExactly("POST /v1/traces application/x-protobuf");
        assertThat(pauses).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void triesAgainAfterAPauseThatGrows(int status) {
        collector.refuseOnce(status, null);
        collector.refuseOnce(status, null);
        collector.refuseOnce(status, null);

        assertThat(send(collector.tracesUrl(), null)).isEqualTo(new Delivery.Taken(0));
        assertThat(pauses).hasSize(3);
        assertThat(pauses.get(0)).isBetween(SECOND / 2, SECOND);
        assertThat(pauses.get(1)).isBetween(SECOND, 2 * SECOND);
        assertThat(pauses.get(2)).isBetween(2 * SECOND, 4 * SECOND);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 404, 413, 500})
    void losesWhatWouldBeRefusedAgain(int status) {
        collector.refuseOnce(status, null);

        assertThat(send(collector.tracesUrl(), null))
                .isEqualTo(new Delivery.Lost(collector.tracesUrl().getAuthority() + " answered " + status));
        assertThat(pauses).isEmpty();
        assertThat(collector.heads()).hasSize(1);
    }

    @Test
    void waitsForAsLongAsTheCollectorAsksWithinABound() {
        collector.refuseOnce(503, "7");
        collector.refuseOnce(503, "9000");
        collector.refuseOnce(503, "Sun, 22 Nov 2026 05:00:00 GMT");

        send(collector.tracesUrl(), null);

        assertThat(pauses.subList(0, 2)).containsExactly(7 * SECOND, 30 * SECOND);
        assertThat(pauses.get(2)).isBetween(2 * SECOND, 4 * SECOND);
    }

    @Test
    void givesUpAfterFiveAttempts() {
        for (int i = 0; i < 6; i++) {
            collector.refuseOnce(503, null);
        }

        assertThat(send(collector.tracesUrl(), null)).isInstanceOf(Delivery.Lost.class);
        assertThat(collector.heads()).hasSize(5);
        assertThat(pauses).hasSize(4);
    }

    @Test
    void triesOnlyOnceWhenTheGatewayIsEnding() {
        ending = true;
        collector.refuseOnce(503, null);

        assertThat(send(collector.tracesUrl(), null)).isInstanceOf(Delivery.Lost.class);
        assertThat(collector.heads()).hasSize(1);
    }

    @Test
    void aCollectorThatIsNotThereLosesTheBatch() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        assertThat(send(URI.create("http://127.0.0.1:" + port + "/v1/traces"), null))
                .isInstanceOfSatisfying(Delivery.Lost.class, lost -> assertThat(lost.reason()).contains(":" + port));
        assertThat(pauses).hasSize(4);
    }

    @Test
    void whatAnswersAnythingButHttpLosesTheBatch() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> {
                while (true) {
                    try (var socket = server.accept()) {
                        socket.getOutputStream().write("SSH-2.0-nothing\r\n".getBytes(US_ASCII));
                    } catch (IOException closed) {
                        return;
                    }
                }
            });

            assertThat(send(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1/traces"), null))
                    .isInstanceOf(Delivery.Lost.class);
        }
    }

    @Test
    void readsHowManySpansWereNotWanted() {
        collector.reject(300);

        assertThat(send(collector.tracesUrl(), null)).isEqualTo(new Delivery.Taken(300));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0a", "0a02", "0a0208", "0a0c08ffffffffffffffffffff", "ff", "1204", "0a8080808080",
        "0a0408ffffffff"})
    void aDamagedAnswerRejectsNothing(String hexadecimal) {
        assertThat(PartialSuccess.rejectedSpans(java.util.HexFormat.of().parseHex(hexadecimal))).isZero();
    }

    @Test
    void trustsACollectorOfItsOwnAuthorityOnly(@TempDir Path directory) throws Exception {
        TestAuthority authority = new TestAuthority("collectors");
        Path trusted = Files.writeString(directory.resolve("ca.pem"), authority.certificatePem());
        Path other = Files.writeString(directory.resolve("other.pem"), new TestAuthority("other").certificatePem());
        try (TestingCollector secure = TestingCollector.startSecure(server(authority.issue("127.0.0.1")))) {
            assertThat(send(secure.tracesUrl(), CollectorTrust.of(trusted))).isEqualTo(new Delivery.Taken(0));
            assertThat(send(secure.tracesUrl(), CollectorTrust.of(other))).isInstanceOf(Delivery.Lost.class);
            assertThat(send(secure.tracesUrl(), null)).isInstanceOf(Delivery.Lost.class);
            assertThat(secure.requests()).hasSize(1);
        }
        try (TestingCollector secure = TestingCollector.startSecure(server(authority.issue("other.example")))) {
            assertThat(send(secure.tracesUrl(), CollectorTrust.of(trusted))).isInstanceOf(Delivery.Lost.class);
        }
    }

    @Test
    void aFileWithoutCertificatesIsNoTrust(@TempDir Path directory) throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path broken = Files.writeString(directory.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nx\n");

        assertThatThrownBy(() -> CollectorTrust.of(empty)).isInstanceOf(IOException.class)
                .hasMessageContaining("empty.pem");
        assertThatThrownBy(() -> CollectorTrust.of(broken)).isInstanceOf(IOException.class)
                .hasMessageContaining("broken.pem");
    }

    private Delivery send(URI url, @Nullable SSLSocketFactory tls) {
        OtlpSender sender = new OtlpSender(url, tls, new SplittableRandom(1), nanos -> {
            pauses.add(nanos);
            return !ending;
        });
        return sender.send(EMPTY_BATCH, 0);
    }

    private static SSLContext server(TestAuthority.Issued issued) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", issued.key(), new char[0], new Certificate[]{issued.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
