package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers at JSON Pointers; the document is that of RFC 6901 section 5, and a usage report. */
final class JsonNumbersTest {
    private static final String DOCUMENT = """
            {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\\\j": 5, "k\\"l": 6, " ": 7, "m~n": 8,
             "usage": {"prompt_tokens": 12, "total_tokens": 9007199254740993, "cost": 1.50e-2},
             "list": [[1, 2], [3, {"x": 4}]], "n\\u0061me": 9}""";

    @ParameterizedTest
    @CsvSource({
        "/, 0", "/a~1b, 1", "/c%d, 2", "/e^f, 3", "/g|h, 4", "/i\\j, 5", "/k\"l, 6", "'/ ', 7", "/m~0n, 8", "/name, 9",
        "/usage/total_tokens, 9007199254740993", "/usage/cost, 0.0150", "/list/0/1, 2", "/list/1/1/x, 4"})
    void findsTheNumberExactly(String pointer, String number) {
        assertThat(at(DOCUMENT, pointer)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/foo", "/foo/0", "/foo/2", "/foo/-", "/foo/00", "/list/01/0", "/usage", "/Usage/cost",
        "/usage/cost/0", "/absent", "/list/*/0"})
    void isNothingWhereThereIsNoNumber(String pointer) {
        assertThat(at(DOCUMENT, pointer)).isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1", "{\"a\":1,\"a\":2}", "{\"a\":1}x", "", "{\"a\":01}", "{\"a\":\"1\"}",
        "{\"a\":1e999}"})
    void isNothingInATextThatIsNotSound(String json) {
        assertThat(at(json, "/a")).isEqualTo("null");
    }

    @Test
    void refusesWhatIsNoPointer() {
        assertThatThrownBy(() -> JsonPointer.of("a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsonPointer.of("/~")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsonPointer.of("/a~2")).isInstanceOf(IllegalArgumentException.class);
    }

    private static String at(String json, String pointer) {
        return String.valueOf(JsonNumbers.at(Unpooled.copiedBuffer(json, UTF_8), JsonPointer.of(pointer)));
    }
}
