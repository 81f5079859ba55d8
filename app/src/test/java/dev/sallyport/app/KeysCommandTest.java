package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.ConfigurationLoader;
import dev.sallyport.gateway.identity.ApiKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class KeysCommandTest {
    @TempDir
    Path directory;

    @Test
    void makesAKeyAndTheLineThatMakesItValid() {
        CommandLineRun run = CommandLineRun.of("keys", "new", "mobile-app");
        assertThat(run.exitCode()).isZero();
        Matcher key = Pattern.compile("^ +(sp_\\w+)$", Pattern.MULTILINE).matcher(run.out());
        Matcher line = Pattern.compile("^( +key: sha256:([0-9a-f]{64}))$", Pattern.MULTILINE).matcher(run.out());
        assertThat(key.find()).isTrue();
        assertThat(line.find()).isTrue();
        assertThat(ApiKey.wellFormed(key.group(1))).isTrue();
        assertThat(ApiKey.sha256(key.group(1))).isEqualTo(line.group(2));

        String pasted = "callers:\n  mobile-app:\n" + line.group(1) + "\n";
        Configuration configuration =
                ConfigurationLoader.parse(Path.of("x.yaml"), pasted.getBytes(StandardCharsets.UTF_8)).orThrow();
        assertThat(configuration.callers().values()).singleElement()
                .satisfies(caller -> assertThat(caller.keys().getFirst().sha256()).isEqualTo(line.group(2)));
    }

    @Test
    void makesAnotherKeyEachTimeAndPrintsJson() {
        JsonNode first = JsonMapper.shared().readTree(CommandLineRun.of("keys", "new", "--json", "a").out());
        JsonNode second = JsonMapper.shared().readTree(CommandLineRun.of("keys", "new", "a", "--json").out());
        assertThat(first.propertyNames()).containsExactly("key", "hash");
        assertThat(first.get("hash").stringValue())
                .isEqualTo("sha256:" + ApiKey.sha256(first.get("key").stringValue()));
        assertThat(first.get("key")).isNotEqualTo(second.get("key"));
    }

    @Test
    void refusesANameThatTheConfigurationWouldRefuse() {
        CommandLineRun run = CommandLineRun.of("keys", "new", "a b");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.error()).contains("`a b` cannot be a name");
    }

    @Test
    void listsWhoHoldsKeysAndWhenTheyExpire() throws IOException {
        Path file = Files.writeString(directory.resolve("sallyport.yaml"), """
                callers:
                  a: {key: sha256:%s}
                  partner: {keys: [{key: sha256:%s, expires: 2020-01-01}, {key: sha256:%s, expires: 2999-01-01}]}
                  anyone: {anonymous: true}
                """.formatted("a1".repeat(32), "b2".repeat(32), "c3".repeat(32)));
        CommandLineRun run = CommandLineRun.of("keys", "list", file.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).containsExactly(
                "a        sha256:a1a1a1a1a1a1…  never expires",
                "partner  sha256:b2b2b2b2b2b2…  expired 2020-01-01T00:00:00Z",
                "partner  sha256:c3c3c3c3c3c3…  expires 2999-01-01T00:00:00Z",
                "anyone   no key: whoever calls without a credential");

        JsonNode callers = JsonMapper.shared()
                .readTree(CommandLineRun.of("keys", "list", "--json", file.toString()).out()).get("callers");
        assertThat(callers).hasSize(3);
        assertThat(callers.get(1).get("keys").get(0).toString())
                .isEqualTo("{\"hash\":\"sha256:b2b2b2b2b2b2\",\"expires\":\"2020-01-01T00:00:00Z\",\"expired\":true}");
        assertThat(callers.get(0).get("keys").get(0).get("expires").isNull()).isTrue();
        assertThat(callers.get(2).get("anonymous").booleanValue()).isTrue();
    }

    @Test
    void listsNothingOfABadFile() throws IOException {
        Path file = Files.writeString(directory.resolve("sallyport.yaml"), "calers: {}\n");
        CommandLineRun run = CommandLineRun.of("keys", "list", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.error()).contains(":1:1: unknown key `calers`; did you mean `callers`?");
    }

    @Test
    void asksWhatToDoWithKeys() {
        CommandLineRun run = CommandLineRun.of("keys");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error()).startsWith("say `keys new NAME` or `keys list`");
    }
}
