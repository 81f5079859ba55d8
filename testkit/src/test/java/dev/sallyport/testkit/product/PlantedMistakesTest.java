package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.Main;
import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code check}, as a process, on a file in which ten mistakes are planted. */
final class PlantedMistakesTest {
    @TempDir
    private Path directory;

    private FakeUpstream upstream;

    @BeforeEach
    void start() throws IOException {
        upstream = FakeUpstream.start(Behaviour.resetsAfter(""));
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
    }

    private record Run(int exitCode, String out) {}

    @Test
    void findsTheTenMistakesAndNoOther() throws Exception {
        Path file = plant();
        Run run = run("check", "--json", file.toString());
        JsonNode report = JsonMapper.shared().readTree(run.out());

        List<String> found = new ArrayList<>();
        for (String list : List.of("errors", "warnings")) {
            report.get(list).forEach(each -> found.add("%s %s %s".formatted(
                    each.get("line").asString(), each.get("code").stringValue(), each.get("path").stringValue())));
        }
        assertThat(found).containsExactlyInAnyOrder(
                "3 certificate-expired tls[0].certificate",
                "4 certificate-unusable tls[1].certificate",
                "5 proxies-everywhere proxies",
                "10 unknown-key models.resnet.retires",
                "12 model-unreachable models.ocr.url",
                "15 timeout-cascade models.speech.timeouts.total",
                "18 file-missing models.vault.tls.trust",
                "27 unknown-model callers.partner.may[0]",
                "29 grants-nothing callers.batch",
                "35 key-expired callers.former.keys[0].expires");
        assertThat(report.get("valid").booleanValue()).isFalse();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(report.propertyNames()).containsExactly("valid", "errors", "warnings", "notices", "skips");
        assertThat(report.get("errors").get(0).propertyNames())
                .containsExactly("code", "path", "file", "line", "column", "message", "remedy");
        for (String list : List.of("errors", "warnings", "skips")) {
            report.get(list).forEach(each -> assertThat(each.get("remedy").stringValue()).as("%s", each).isNotEmpty());
        }
    }

    @Test
    void saysTheSameToPeople() throws Exception {
        Run run = run("check", plant().toString());
        assertThat(run.out()).contains("    → did you mean `retries`?", " is not valid: 5 errors, 5 warnings, ");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    private Path plant() throws IOException {
        TestCertificates certificates = new TestCertificates();
        certificates.expiredServer("127.0.0.1").write(directory, "expired");
        certificates.server("127.0.0.1").write(directory, "server");
        certificates.server("127.0.0.1").write(directory, "other");
        for (String name : List.of("expired", "server", "other")) {
            Files.setPosixFilePermissions(directory.resolve(name + ".key"),
                    PosixFilePermissions.fromString("rw-------"));
        }
        String text;
        try (var resource =
                Objects.requireNonNull(PlantedMistakesTest.class.getResourceAsStream("ten-mistakes.yaml"))) {
            text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
        return Files.writeString(directory.resolve("sallyport.yaml"),
                text.replace("UNREACHABLE", closedPort()).replace("REACHABLE", Integer.toString(upstream.port())));
    }

    /** One on which nothing listens. */
    private static String closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    private static Run run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out);
    }
}
