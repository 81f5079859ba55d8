package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
    void saysThatAFileIsValidAndWhatIsNotEnforced() throws IOException {
        Path file = write(VALID);
        CommandLineRun run = CommandLineRun.of("check", file.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualToNormalizingNewlines(
                "notice: " + file
                        + ":9:5: callers.mobile-app.budget: not enforced: no model has a cost, so nothing can be spent\n"
                        + file + " is valid: 1 model, 1 caller\n");
        assertThat(run.error()).isEmpty();
    }

    @Test
    void saysEverythingThatIsWrong() throws IOException {
        Path file = write(VALID.replace("url:", "ulr:").replace("60/min", "60/minute"));
        CommandLineRun run = CommandLineRun.of("check", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.error().lines()).containsExactly(
                file + ":2:3: models.resnet is not served anywhere; it needs `url`, `urls` or `versions`",
                file + ":3:5: unknown key `ulr` in models.resnet; did you mean `url`?",
                file + ":8:12: callers.mobile-app.limit: the period `minute` is none of s, min, h or day; did you mean `60/min`?");
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
                .put("file", file.toString()).put("line", 3).put("column", 5)
                .put("message", "unknown key `ulr` in models.resnet; did you mean `url`?"));
        JsonNode valid =
                JsonMapper.shared().readTree(CommandLineRun.of("check", "--json", write(VALID).toString()).out());
        assertThat(valid.get("valid").booleanValue()).isTrue();
        assertThat(valid.get("errors")).isEmpty();
        assertThat(valid.get("notices")).hasSize(1);
    }

    @Test
    void readsTheCertificates() throws IOException {
        Files.writeString(directory.resolve("a.pem"), "nothing");
        Files.writeString(directory.resolve("a.key"), "nothing");
        CommandLineRun run =
                CommandLineRun.of("check", write(VALID + "tls: {certificate: a.pem, key: a.key}\n").toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error()).contains("tls: " + directory.resolve("a.pem") + ": ");
    }

    @Test
    void readsTheAuthoritiesOfModels() throws IOException {
        Files.writeString(directory.resolve("ca.pem"), "nothing");
        String secure =
                VALID.replace("url: http://127.0.0.1:8000", "url: https://127.0.0.1:8000\n    tls: {trust: ca.pem}");
        CommandLineRun run = CommandLineRun.of("check", write(secure).toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error()).contains("models.resnet.tls: ", directory.resolve("ca.pem").toString());
    }

    @Test
    void looksForSallyportYamlWhenNoFileIsNamed() {
        assertThat(CommandLineRun.of("check").error()).startsWith("sallyport.yaml:1:1: there is no such file");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("sallyport.yaml"), text);
    }
}
