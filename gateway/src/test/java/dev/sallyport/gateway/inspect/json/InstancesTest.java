package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.inspect.json.JsonDefect.Reason;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many instances a request asks for, and that nobody can ask for more than is counted. */
final class InstancesTest {
    private static final InstanceRule RULE = new InstanceRule(null, 100, 1_000);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"instances\":[[1,2],[3,4],[5,6]]}                       | 3",
        "{\"instances\":[1.0,2.0,5.0,7.0]}                         | 4",
        "{\"signature_name\":\"x\",\"instances\":[{\"b64\":\"\"},{\"b64\":\"\"}]} | 2",
        "{\"instances\":[]}                                        | 1",
        "{\"\\u0069nstances\":[1,2]}                               | 2",
        "{\"x\":{\"instances\":[1,2,3]}}                           | 1",
        "{\"inputs\":[[1,2],[3,4]]}                                | 2",
        "{\"inputs\":[\"a\",\"b\",\"c\"]}                          | 3",
        "{\"inputs\":\"a prompt\"}                                 | 1",
        "{\"inputs\":{\"a\":[1,2,3],\"b\":[[1],[2],[3]]}}          | 3",
        "{\"inputs\":{\"question\":\"q\",\"context\":\"c\"}}       | 1",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[4,2],\"datatype\":\"FP32\",\"data\":[1,2,3,4,5,6,7,8]}]}         | 4",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[2,2],\"datatype\":\"FP32\",\"data\":[[1,2],[3,4]]}],\"id\":\"1\"} | 2",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[2],\"datatype\":\"BYTES\",\"data\":[\"a\",\"b\"]},{\"name\":\"y\",\"shape\":[2,1],\"datatype\":\"BOOL\",\"data\":[true,false]}]} | 2",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[],\"datatype\":\"FP32\",\"data\":[1]}]} | 1",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[0,5],\"datatype\":\"FP32\",\"data\":[]}]} | 1",
        "{\"input\":\"text\"}                                      | 1",
        "{\"input\":[\"a\",\"b\"]}                                 | 2",
        "{\"input\":[1,2,3]}                                       | 1",
        "{\"input\":[[1,2],[3],[4]]}                               | 3",
        "[5.1,3.5,1.4,0.2]                                         | 1",
        "[[5.1,3.5],[1.4,0.2]]                                     | 2",
        "[1,[2],3]                                                 | 3",
        "{\"prompt\":\"text\"}                                     | 1",
        "\"text\"                                                  | 1"})
    void countsTheKnownShapes(String json, long instances) {
        assertThat(inspect(json, RULE)).isEqualTo(new JsonOutcome.Sound(instances));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"instances\":[1],\"inputs\":[1,2]}", "{\"inputs\":[1],\"instances\":[1,2]}",
        "{\"input\":1,\"inputs\":[1,2]}",
        "{\"instances\":[1],\"Instances\":[1,2]}", "{\"INPUTS\":[1,2]}", "{\"\\u0049nstances\":[1,2]}",
        "{\"instances\":{}}", "{\"instances\":null}",
        "{\"inputs\":{\"a\":[1,2,3],\"b\":[1]}}",
        "{\"inputs\":[{\"shape\":[1],\"data\":[1]},[1,2]]}",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"x\",\"data\":[[1],[2]]}]}",
        "{\"inputs\":[{\"shape\":[1]}]}", "{\"inputs\":[{\"shape\":[1],\"data\":1}]}",
        "{\"inputs\":[{\"shape\":[1],\"data\":\"AAAA\"}]}",
        "{\"inputs\":[{\"shape\":[1],\"data\":[1,2]}]}", "{\"inputs\":[{\"shape\":[3],\"data\":[1,2]}]}",
        "{\"inputs\":[{\"shape\":[1],\"data\":[{}]}]}", "{\"inputs\":[{\"shape\":[1],\"data\":[[],[[1,2]]]}]}",
        "{\"inputs\":[{\"shape\":[-1,-2],\"data\":[1,2]}]}", "{\"inputs\":[{\"shape\":[1.0,2],\"data\":[1,2]}]}",
        "{\"inputs\":[{\"shape\":[\"1\",2],\"data\":[1,2]}]}", "{\"inputs\":[{\"shape\":2,\"data\":[1,2]}]}",
        "{\"inputs\":[{\"shape\":[1e0,2],\"data\":[1,2]}]}",
        "{\"inputs\":[{\"shape\":[4294967296,4294967296],\"data\":[]}]}",
        "{\"inputs\":[{\"shape\":[9999999999,9999999999,0],\"data\":[]}]}",
        "{\"inputs\":[{\"shape\":[2,1],\"data\":[1,2]},{\"shape\":[1,2],\"data\":[1,2]}]}"})
    void whatTwoModelsCouldCountDifferentlyIsMalformed(String json) {
        assertThat(inspect(json, RULE)).isInstanceOfSatisfying(
                JsonDefect.class, defect -> assertThat(defect.reason()).isEqualTo(Reason.MALFORMED));
    }

    @Test
    void holdsTheLimitOfInstances() {
        assertThat(inspect("{\"instances\":[" + "0,".repeat(99) + "0]}", RULE)).isEqualTo(new JsonOutcome.Sound(100));
        assertThat(inspect("{\"instances\":[" + "0,".repeat(100) + "0]}", RULE)).isEqualTo(new JsonDefect(
                Reason.TOO_MANY_INSTANCES, "asks for 101 instances, of which one call may hold 100", "/instances", -1,
                100));
    }

    @Test
    void holdsTheLimitOfOneTensor() {
        String tensor = "{\"inputs\":[{\"shape\":[%d],\"data\":[%s0]}]}";
        InstanceRule rule = new InstanceRule(null, 10_000, 1_000);
        assertThat(inspect(tensor.formatted(1_000, "0,".repeat(999)), rule)).isEqualTo(new JsonOutcome.Sound(1_000));
        assertThat(inspect(tensor.formatted(1_001, "0,".repeat(1_000)), rule)).isInstanceOfSatisfying(
                JsonDefect.class, defect -> {
                    assertThat(defect.reason()).isEqualTo(Reason.TOO_LARGE);
                    assertThat(defect.pointer()).isEqualTo("/inputs/0");
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "/rows      | {\"rows\":[1,2,3],\"instances\":[1]} | 3", "/a/0/rows | {\"a\":[{\"rows\":[1,2]}]} | 2",
        "``         | [1,2,3]          | 3", "/rows | {\"rows\":\"one\"} | 1"})
    void countsWhereAPointerSays(String pointer, String json, long instances) {
        assertThat(inspect(json, pointed(pointer))).isEqualTo(new JsonOutcome.Sound(instances));
    }

    @Test
    void whereAPointerSaysThereMustBeSomething() {
        assertThat(inspect("{\"Rows\":[1,2,3]}", pointed("/rows"))).isEqualTo(
                new JsonDefect(Reason.MALFORMED, "lacks the value whose elements are counted", "/rows", -1));
    }

    @Test
    void aPathWithoutASchemaIsRefusedWhereSchemasAre() {
        JsonSchema any = (text, length) -> null;
        JsonDefect violation = new JsonDefect(Reason.SCHEMA_VIOLATED, "is not what it must be", "/a", -1);
        JsonRule exact =
                new JsonRule(JsonLimits.DEFAULTS, RULE, Map.of("/predict", any, "/embed", (text, length) -> violation));
        assertThat(inspect("/predict", exact)).isEqualTo(new JsonOutcome.Sound(2));
        assertThat(inspect("/embed", exact)).isEqualTo(violation);
        assertThat(inspect("/predict/", exact)).isInstanceOf(JsonDefect.class);
        JsonRule others =
                new JsonRule(JsonLimits.DEFAULTS, RULE, Map.of("/embed", (text, length) -> violation, "*", any));
        assertThat(inspect("/predict/", others)).isEqualTo(new JsonOutcome.Sound(2));
        assertThat(inspect("/embed", others)).isEqualTo(violation);
    }

    @Test
    void aSchemaSeesTheTextAndSoundTextsOnly() {
        JsonSchema schema = (text, length) -> {
            assertThat(new String(text, 0, length, UTF_8)).isEqualTo("{\"instances\":[1,2]}");
            return null;
        };
        JsonRule rule = new JsonRule(JsonLimits.DEFAULTS, RULE, Map.of("*", schema));
        assertThat(inspect("/x", rule)).isEqualTo(new JsonOutcome.Sound(2));
        assertThat(JsonInspector.of(rule).inspect("/x", Unpooled.copiedBuffer("{]", UTF_8)))
                .isInstanceOf(JsonDefect.class);
    }

    @Test
    void refusesRulesThatMakeNoSense() {
        assertThatThrownBy(() -> new InstanceRule(null, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new InstanceRule(null, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static InstanceRule pointed(@Nullable String pointer) {
        return new InstanceRule(pointer == null ? JsonPointer.of("") : JsonPointer.of(pointer), 100, 1_000);
    }

    private static JsonOutcome inspect(String path, JsonRule rule) {
        return JsonInspector.of(rule).inspect(path, Unpooled.copiedBuffer("{\"instances\":[1,2]}", UTF_8));
    }

    private static JsonOutcome inspect(String json, InstanceRule rule) {
        JsonRule whole = new JsonRule(JsonLimits.DEFAULTS, rule, Map.of());
        return JsonInspector.of(whole).inspect("/predict", Unpooled.copiedBuffer(json, UTF_8));
    }
}
