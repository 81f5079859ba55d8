package dev.sallyport.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.inspect.json.JsonDefect;
import dev.sallyport.gateway.inspect.json.JsonInspector;
import dev.sallyport.gateway.inspect.json.JsonLimits;
import dev.sallyport.gateway.inspect.json.JsonOutcome;
import dev.sallyport.gateway.inspect.json.JsonRule;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the key {@code json} means, and what is said about schemas that cannot be used. */
class JsonReaderTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void writeSchemas() throws IOException {
        Files.writeString(directory.resolve("object.json"), "{\"type\": \"object\"}");
        Files.writeString(directory.resolve("array.json"), "{\"type\": \"array\"}");
    }

    @Test
    void readsEveryKey() {
        JsonRule rule = rule("{inspect: on, depth: 3, strings: 2 KiB, schema: object.json}");

        assertThat(rule.limits()).isEqualTo(JsonLimits.DEFAULTS.withDepth(3).withStringBytes(2048));
        assertThat(rule.schemas()).containsOnlyKeys(JsonRule.OTHER_PATHS);
        assertThat(looks(rule, "/any", "{}")).isEqualTo(JsonOutcome.ONE);
        assertThat(looks(rule, "/any", "[]")).isInstanceOf(JsonDefect.class);
    }

    @Test
    void aSchemaIsForItsPathAndOneForAllOthers() {
        JsonRule rule = rule("{schema: [{path: /predict, file: array.json}, object.json]}");

        assertThat(looks(rule, "/predict", "[]")).isEqualTo(JsonOutcome.ONE);
        assertThat(looks(rule, "/predict", "{}")).isInstanceOf(JsonDefect.class);
        assertThat(looks(rule, "/embed", "{}")).isEqualTo(JsonOutcome.ONE);
        assertThat(looks(rule, "/embed", "[]")).isInstanceOf(JsonDefect.class);
    }

    @Test
    void wherePathsHaveSchemasOthersAreRefused() {
        JsonRule rule = rule("{schema: {path: /predict, file: object.json}}");

        assertThat(looks(rule, "/predict", "{}")).isEqualTo(JsonOutcome.ONE);
        assertThat(looks(rule, "/Predict", "{}")).isInstanceOf(JsonDefect.class);
    }

    @Test
    void absentItIsOnAndOffItIsNotRead() {
        assertThat(rule("on")).isEqualTo(JsonRule.DEFAULTS);
        assertThat(content("off")).isNull();
    }

    @Test
    void refusesSchemasThatCannotBeUsed() throws IOException {
        Files.writeString(directory.resolve("remote.json"), "{\"$ref\": \"https://example.org/schema.json\"}");
        Files.writeString(directory.resolve("broken.json"), "{\"type\":\n\"object\",}");

        assertThat(errors("{schema: remote.json}")).containsExactly(
                "5:20: models.a.json.schema: the schema `remote.json` cannot be used: at /$ref it refers to something outside"
                        + " of the file, which is never fetched; put it into `$defs`");
        assertThat(errors("{schema: broken.json}")).singleElement().asString()
                .startsWith(
                        "5:20: models.a.json.schema: the schema `broken.json` cannot be used: it is not JSON, in line 2");
        assertThat(errors("{schema: [object.json, array.json]}")).containsExactly(
                "5:34: models.a.json.schema[1]: there is another schema for all other paths; keep one of them");
    }

    @Test
    void refusesASchemaThatNothingWouldBeComparedWith() {
        assertThat(findings("models:\n  a: {url: http://h, json: {schema: object.json}}\n")).containsExactly(
                "2:29: models.a.json.schema: the model's `accepts` names no JSON type, so nothing would be compared with it;"
                        + " write for example `accepts: application/json`");
    }

    private JsonRule rule(String json) {
        return Objects.requireNonNull(content(json));
    }

    private @Nullable JsonRule content(String json) {
        Configuration configuration = parse(model(json)).orThrow();
        return Objects.requireNonNull(configuration.models().get("a")).body().content().json();
    }

    private List<String> errors(String json) {
        return findings(model(json));
    }

    private static String model(String json) {
        return "models:\n  a:\n    url: http://h\n    accepts: application/json\n    json: " + json + "\n";
    }

    private List<String> findings(String text) {
        return switch (parse(text)) {
            case Configuration _ -> List.of();
            case ConfigurationErrors(List<Finding> errors) -> errors.stream()
                    .map(error -> error.toString()
                            .substring(directory.resolve("sallyport.yaml").toString().length() + 1))
                    .toList();
        };
    }

    private LoadResult parse(String text) {
        return ConfigurationLoader.parse(directory.resolve("sallyport.yaml"), text.getBytes(UTF_8));
    }

    private static JsonOutcome looks(JsonRule rule, String path, String json) {
        return JsonInspector.of(rule).inspect(path, Unpooled.copiedBuffer(json, UTF_8));
    }
}
