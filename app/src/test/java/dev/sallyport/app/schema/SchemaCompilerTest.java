package dev.sallyport.app.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.schema.SchemaOutcome.Compiled;
import dev.sallyport.app.schema.SchemaOutcome.Faulty;
import dev.sallyport.gateway.inspect.json.JsonDefect;
import dev.sallyport.gateway.inspect.json.JsonDefect.Reason;
import dev.sallyport.gateway.inspect.json.JsonSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schemas that hold, schemas that are refused before they could fail, and texts that try to make them costly. */
@Timeout(60)
final class SchemaCompilerTest {
    private static final String PREDICT =
            """
            {"$schema": "https://json-schema.org/draft/2020-12/schema",
             "type": "object", "required": ["instances"], "additionalProperties": false,
             "properties": {"instances": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/row"}},
                            "user": {"type": "string", "pattern": "^[a-z]{1,8}$"}},
             "$defs": {"row": {"type": "array", "prefixItems": [{"type": "number"}, {"enum": ["a", "b"]}], "items": false}}}""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"instances\":[[1,\"a\"],[2.5,\"b\"]],\"user\":\"abc\"} |            |",
        "{\"instances\":[[1,\"a\"],[\"2\",\"b\"]]} | /instances/1/0 | type",
        "{\"instances\":[[1,\"c\"]]}               | /instances/0/1 | enum",
        "{\"instances\":[[1,\"a\",3]]}             | /instances/0   | items",
        "{\"instances\":[]}                        | /instances     | minItems",
        "{\"instances\":[[1]],\"x\":1}             |                | additionalProperties",
        "{\"instances\":[[1]],\"user\":\"ABC\"}    | /user          | pattern",
        "{}                                        |                | required",
        "[]                                        |                | type"})
    void namesTheFailingPlaceAndKeyword(String json, @Nullable String pointer, @Nullable String keyword) {
        JsonDefect defect = violation(PREDICT, json);
        assertThat(defect).isEqualTo(keyword == null ? null
                : new JsonDefect(Reason.SCHEMA_VIOLATED, "does not satisfy `" + keyword + "` of the schema",
                        pointer == null ? "" : pointer, -1));
    }

    @Test
    void doesNotRepeatWhatTheCallerSent() {
        assertThat(requireNonNull(violation("{\"const\": 1}", "\"my-secret\"")).detail()).doesNotContain("my-secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"type\": \"object\"             | it is not JSON, in line 1",
        "{\"type\": \"object\",\\n \"type\": 1} | in line 2",
        "{} {}                             | it is not JSON",
        "[]                                | it is neither an object nor",
        "{\"type\": \"objekt\"}            | at /type it is no valid schema",
        "{\"properties\": {\"a\": {\"minimum\": \"1\"}}} | at /properties/a/minimum it is no valid schema",
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"} | at /$schema it is not",
        "{\"$ref\": \"https://example.org/s.json\"} | at /$ref it refers to something outside",
        "{\"items\": {\"$ref\": \"other.json#/a\"}} | at /items/$ref it refers to something outside",
        "{\"items\": {\"$ref\": \"file:///etc/passwd\"}} | at /items/$ref it refers to something outside",
        "{\"$dynamicRef\": \"classpath:x\"} | at /$dynamicRef it refers to something outside",
        "{\"$ref\": \"#/$defs/absent\"}    | at /$ref it refers to what is not there",
        "{\"$ref\": \"#absent\"}           | at /$ref it refers to what is not there",
        "{\"pattern\": \"(a\"}             | at /pattern there is a pattern",
        "{\"pattern\": \"(?=a)b\"}         | at /pattern there is a pattern",
        "{\"patternProperties\": {\"(?<!a)b\": true}} | at /patternProperties there is a pattern"})
    void refusesASchemaThatCouldNotHold(String schema, String fault) {
        assertThat(SchemaCompiler.compile(schema.replace("\\n", "\n").getBytes(UTF_8)))
                .isInstanceOfSatisfying(Faulty.class, faulty -> assertThat(faulty.what()).contains(fault));
    }

    @Test
    void readsWhatTheScannerLetsThrough() {
        String deep = "{\"next\":".repeat(900) + "{}" + "}".repeat(900);
        assertThat(violation("true", deep)).isNull();
        assertThat(violation("true", "{\"" + "n".repeat(100_000) + "\":\"" + "s".repeat(21_000_000) + "\"}")).isNull();
    }

    @Test
    void followsReferencesWithinTheFile() {
        assertThat(violation("{\"$defs\":{\"a\":{\"$anchor\":\"here\",\"type\":\"string\"}},\"$ref\":\"#here\"}", "1"))
                .isNotNull();
        String tree = "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}},\"additionalProperties\":false}";
        assertThat(violation(tree, "{\"next\":{\"next\":{}}}")).isNull();
        assertThat(requireNonNull(violation(tree, "{\"next\":{\"next\":{\"x\":1}}}")).pointer())
                .isEqualTo("/next/next");
    }

    @Test
    void aPatternThatBacktracksElsewhereTakesNoLonger() {
        assertThat(violation("{\"pattern\":\"^(a+)+$\"}", "\"" + "a".repeat(100_000) + "!\"")).isNotNull();
    }

    @Test
    void givesUpOnASchemaThatBranchesOverAndOver() {
        String branches =
                "{\"anyOf\":[{\"$ref\":\"#/$defs/b\"},{\"$ref\":\"#/$defs/b\"}],\"$defs\":{\"b\":{\"properties\":{\"n\":"
                        + "{\"anyOf\":[{\"$ref\":\"#/$defs/b\"},{\"$ref\":\"#/$defs/b\"}]}},\"type\":\"object\"}}}";
        String deep = "{\"n\":".repeat(60) + "1" + "}".repeat(60);
        assertThat(violation(branches, deep)).isNotNull();
        assertThat(violation("{\"$ref\":\"#\"}", "1")).isNotNull();
    }

    @Test
    void equalItemsAreFoundInTimeAmongStringsWithEqualHashes() {
        // "Aa" and "BB" have the same String.hashCode: so do all words of them.
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < 1 << 17; i++) {
            json.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < 17; bit++) {
                json.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            json.append('"');
        }
        assertThat(violation("{\"uniqueItems\":true}", json + "]")).isNull();
        assertThat(violation("{\"uniqueItems\":true}", json + ",\"" + "BB".repeat(17) + "\"]")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[1,2,3] | true", "[1,1.0] | false", "[1,\"1\"] | true", "[{\"a\":1,\"b\":2},{\"b\":2.0,\"a\":1}] | false",
        "[[1,2],[2,1]] | true",
        "[[],{},null,false,0,\"\"] | true", "[null,null] | false", "[\"null\",null] | true", "[0.1,1e-1] | false",
        "[[1],[1]] | false"})
    void itemsAreEqualAsJsonSaysIt(String json, boolean distinct) {
        assertThat(violation("{\"uniqueItems\":true}", json) == null).isEqualTo(distinct);
    }

    @Test
    void readsAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("s.json"), PREDICT);
        assertThat(SchemaCompiler.compile(file)).isInstanceOf(Compiled.class);
        assertThat(SchemaCompiler.compile(directory.resolve("absent.json"))).isEqualTo(new Faulty("it cannot be read"));
        Files.writeString(file, " ".repeat((1 << 20) + 1));
        assertThat(SchemaCompiler.compile(file)).isEqualTo(new Faulty("it is longer than 1048576 bytes"));
    }

    private static @Nullable JsonDefect violation(String schema, String json) {
        SchemaOutcome outcome = SchemaCompiler.compile(schema.getBytes(UTF_8));
        assertThat(outcome).isInstanceOf(Compiled.class);
        JsonSchema compiled = ((Compiled) outcome).schema();
        byte[] text = json.getBytes(UTF_8);
        return compiled.violation(Arrays.copyOf(text, text.length + 16), text.length);
    }
}
