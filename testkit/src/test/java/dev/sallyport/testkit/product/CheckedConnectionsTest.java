package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.check.CheckReport;
import dev.sallyport.app.check.ConfigurationCheck;
import dev.sallyport.app.config.Finding;
import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check} finds in certificates, and at the models' endpoints. */
final class CheckedConnectionsTest {
    private static final String CALLER =
            "callers:\n  app: {key: sha256:" + "0123456789abcdef".repeat(4) + ", may: [m]}\n";

    private final TestCertificates certificates = new TestCertificates();

    @TempDir
    private Path directory;

    @BeforeEach
    void issue() throws IOException {
        certificates.server("127.0.0.1").write(directory, "server");
        certificates.client("gateway").write(directory, "client");
        certificates.writeRoot(directory);
        for (String key : List.of("server.key", "client.key")) {
            Files.setPosixFilePermissions(directory.resolve(key), PosixFilePermissions.fromString("rw-r-----"));
        }
    }

    @Test
    void findsCertificatesThatHaveExpiredOrExpireSoonOrAreNotValidYet() throws IOException {
        String text = "tls: {certificate: server.pem, key: server.key}\nmodels:\n  m: {url: https://127.0.0.1:1, "
                + "tls: {trust: ca.pem, certificate: client.pem, key: client.key}}\n" + CALLER;
        assertThat(codes(text, Duration.ofDays(59))).isEmpty();
        // The chain of the server and that of the client each hold the root as well.
        assertThat(codes(text, Duration.ofDays(61))).hasSize(5).containsOnly("certificate-expires-soon");
        assertThat(codes(text, Duration.ofDays(91))).containsOnly("certificate-expired", "authority-expired");
        assertThat(check(text, Duration.ofDays(91), true).errors()).hasSize(4)
                .allSatisfy(error -> assertThat(error.message()).contains(" expired on "));
        assertThat(check(text, Duration.ofDays(-1), true).errors()).hasSize(4)
                .allSatisfy(error -> assertThat(error.message()).contains(" is not valid before "));
    }

    @Test
    void findsPrivateKeysThatEveryUserCanRead() throws IOException {
        String text = "tls: {certificate: server.pem, key: server.key}\nmodels:\n  m: {url: https://127.0.0.1:1, "
                + "tls: {certificate: client.pem, key: client.key}}\n" + CALLER;
        for (String key : List.of("server.key", "client.key")) {
            Files.setPosixFilePermissions(directory.resolve(key), PosixFilePermissions.fromString("rw-r--r--"));
        }
        assertThat(check(text, Duration.ZERO, true).warnings()).extracting(Finding::path)
                .containsExactly("tls.key", "models.m.tls.key");
    }

    @Test
    void reachesAModelWhoseAuthorityIsTrustedAndNoOther() throws IOException {
        try (FakeUpstream upstream = FakeUpstream.startSecure(certificates.server("127.0.0.1").serverContext(),
                Behaviour.resetsAfter(""))) {
            String text = "models:\n  m: {url: \"https://127.0.0.1:" + upstream.port() + "\", TLS}\n" + CALLER;
            assertThat(check(text.replace("TLS", "tls: {trust: ca.pem}"), Duration.ZERO, false).warnings()).isEmpty();
            assertThat(check(text.replace(", TLS", ""), Duration.ZERO, false).warnings()).singleElement()
                    .satisfies(found -> assertThat(found.toString()).contains(
                            ":2:7: models.m.url: 127.0.0.1:" + upstream.port() + ": ", "; start the model"));
            assertThat(check(text.replace("TLS", "tls: {trust: ca.pem, server-name: other.example.org}"), Duration.ZERO,
                    false).warnings()).extracting(found -> found.code().code()).containsExactly("model-unreachable");
        }
    }

    @Test
    void asksTheHealthPathWhereOneIsConfigured() throws Exception {
        try (FakeUpstream upstream =
                FakeUpstream.start(Behaviour.answers(503, "text/plain", "busy"))) {
            String text = "models:\n  m: {url: \"" + upstream.url() + "/base\", health: {path: /well}}\n" + CALLER;
            assertThat(check(text, Duration.ZERO, false).warnings()).singleElement().satisfies(found -> {
                assertThat(found.code().code()).isEqualTo("health-failing");
                assertThat(found.message())
                        .isEqualTo(
                                "models.m.url: 127.0.0.1:" + upstream.port() + ": answered its health check with 503");
            });
            assertThat(upstream.awaitRequest().target()).isEqualTo("/base/well");
            upstream.behave(Behaviour.answers(200, "text/plain", "well"));
            assertThat(check(text, Duration.ZERO, false).warnings()).isEmpty();
        }
    }

    @Test
    void opensNoConnectionWhenItIsOffline() throws IOException {
        try (FakeUpstream upstream = FakeUpstream.start(Behaviour.resetsAfter(""))) {
            String text = "models:\n  m: {url: \"" + upstream.url() + "\"}\n" + CALLER;
            check(text, Duration.ZERO, true);
            assertThat(upstream.connections()).isZero();
            assertThat(check(text, Duration.ZERO, false).warnings()).isEmpty();
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    private List<String> codes(String text, Duration later) throws IOException {
        CheckReport report = check(text, later, true);
        return Stream.concat(report.errors().stream(), report.warnings().stream())
                .map(found -> found.code().code()).toList();
    }

    private CheckReport check(String text, Duration later, boolean offline) throws IOException {
        Path file = Files.writeString(directory.resolve("sallyport.yaml"), text);
        return new ConfigurationCheck(InstantSource.fixed(Instant.now().plus(later)), offline, false).of(file);
    }
}
