package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckCommandTest {
    private static final String VALID = """
            models:
              resnet:
                url: http://127.0.0.1:8000
            callers:
              mobile-app:
                key: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
                may: [resnet]
                limit: 60/min
                budget: 5 USD/day
            """;

    @TempDir
    Path directory;

    @Test
    void saysThatAFileIsValidAndHowAControlCanBePassed() throws IOException {
        Path file = write(VALID);
        CommandLineRun run = CommandLineRun.of("check", "--offline", file.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.error()).isEmpty();
        assertThat(run.out()).contains(
                file + ":2:3: models.resnet.accepts: takes bodies of every media type, and looks into none\n"
                        + "    → list what the model reads in `accepts`\n");
        assertThat(run.out().lines()).last().asString()
                .startsWith(file + " is valid: 1 model, 1 caller, no warnings, ");
    }

    @Test
    void saysEverythingThatIsWrong() throws IOException {
        Path file = write(VALID.replace("url:", "ulr:").replace("60/min", "60/minute"));
        CommandLineRun run = CommandLineRun.of("check", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error()).isEmpty();
        assertThat(run.out()).startsWith("""
                FILE:2:3: error: models.resnet is not served anywhere
                    → it needs `url`, `urls` or `versions`
                FILE:3:5: error: unknown key `ulr` in models.resnet
                    → did you mean `url`?
                FILE:8:12: error: callers.mobile-app.limit: the period `minute` is none of s, min, h or day
                    → did you mean `60/min`?
                """.replace("FILE", file.toString()));
        assertThat(run.out().lines()).last().asString().startsWith(file + " is not valid: 3 errors, ");
    }

    @Test
    void warningsFailItWhenItIsStrict() throws IOException {
        String file = write(VALID + "proxies: 0.0.0.0/0\n").toString();
        assertThat(CommandLineRun.of("check", "--offline", file).exitCode()).isZero();
        assertThat(CommandLineRun.of("check", "--offline", "--strict", file).exitCode()).isEqualTo(1);
        assertThat(CommandLineRun.of("check", "--offline", "--strict", write(VALID).toString()).exitCode()).isZero();
    }

    @Test
    void aModelThatCannotBeReachedIsAWarningOrWhenItIsStrictAnError() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        String file = write(VALID.replace("8000", Integer.toString(port))).toString();
        CommandLineRun run = CommandLineRun.of("check", file);
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains(
                ":3:5: warning: models.resnet.url: 127.0.0.1:" + port + ": Connection refused\n    → start the model");
        assertThat(CommandLineRun.of("check", "--strict", file).exitCode()).isEqualTo(2);
        assertThat(CommandLineRun.of("check", "--strict", "--offline", file).exitCode()).isZero();
    }

    @Test
    void printsJson() throws IOException {
        Path file = write(VALID.replace("url:", "ulr:"));
        CommandLineRun run = CommandLineRun.of("check", "--json", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        JsonNode json = JsonMapper.shared().readTree(run.out());
        assertThat(json.get("valid").booleanValue()).isFalse();
        assertThat(json.get("errors")).hasSize(2);
        assertThat(json.get("errors").get(1)).isEqualTo(JsonMapper.shared().createObjectNode()
                .put("code", "unknown-key").put("path", "models.resnet.ulr")
                .put("file", file.toString()).put("line", 3).put("column", 5)
                .put("message", "unknown key `ulr` in models.resnet").put("remedy", "did you mean `url`?"));
        JsonNode valid = JsonMapper.shared()
                .readTree(CommandLineRun.of("check", "--json", "--offline", write(VALID).toString()).out());
        assertThat(valid.get("valid").booleanValue()).isTrue();
        assertThat(valid.get("errors")).isEmpty();
        assertThat(valid.get("warnings")).isEmpty();
        assertThat(valid.get("skips")).isNotEmpty();
    }

    @Test
    void readsTheCertificates() throws IOException {
        Files.writeString(directory.resolve("a.pem"), "nothing");
        Files.writeString(directory.resolve("a.key"), "nothing");
        CommandLineRun run =
                CommandLineRun.of("check", write(VALID + "tls: {certificate: a.pem, key: a.key}\n").toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).contains("error: tls.certificate: " + directory.resolve("a.pem") + ": ");
    }

    @Test
    void readsTheAuthoritiesOfModels() throws IOException {
        Files.writeString(directory.resolve("ca.pem"), "nothing");
        String secure =
                VALID.replace("url: http://127.0.0.1:8000", "url: https://127.0.0.1:8000\n    tls: {trust: ca.pem}");
        CommandLineRun run = CommandLineRun.of("check", write(secure).toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).contains("error: models.resnet.tls: ", directory.resolve("ca.pem").toString());
    }

    @Test
    void looksForSallyportYamlWhenNoFileIsNamed() {
        assertThat(CommandLineRun.of("check").out()).startsWith("sallyport.yaml:1:1: error: there is no such file");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("sallyport.yaml"), text);
    }
}
