package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.inspect.json.JsonDefect.Reason;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** Every limit at it and one past it. */
final class JsonLimitsTest {
    private static final JsonLimits LIMITS = new JsonLimits(3, 5, 2, 4, 12, 6, 10);

    @Test
    void depth() {
        passes("[[[]]]");
        refuses("[[[[]]]]", "is nested deeper than 3", "/0/0/0");
        passes("{\"a\":[{}]}");
        refuses("{\"a\":[{\"b\":{}}]}", "is nested deeper than 3", "/a/0/b");
    }

    @Test
    void stringBytes() {
        passes("\"12345\"");
        refuses("[\"123456\"]", "has a string of more than 5 bytes", "/0");
        refuses("\"ééé\"", "has a string of more than 5 bytes", "");
        passes("{\"12345\":0}");
        refuses("{\"123456\":0}", "has a name of more than 5 bytes", "/123456");
    }

    @Test
    void members() {
        passes("{\"a\":{\"a\":1,\"b\":2},\"b\":2}");
        refuses("{\"a\":1,\"b\":2,\"c\":3}", "has an object of more than 2 members", "/c");
    }

    @Test
    void elements() {
        passes("[[1,2,3,4],2,3,4]");
        refuses("[1,2,3,4,5]", "has an array of more than 4 elements", "/4");
    }

    @Test
    void values() {
        passes("[[1,2,3,4],[1,2,3,4],0]");
        refuses("[[1,2,3,4],[1,2,3,4],0,0]", "has more than 12 values", "/3");
    }

    @Test
    void digits() {
        passes("[123456,-123.456,0.12345,12345.6e1]");
        String tooLong = "has a number of more than 6 digits, or beyond 10 to the power of 10";
        refuses("1234567", tooLong, "");
        refuses("0.123456", tooLong, "");
        refuses("123456.7e1", tooLong, "");
    }

    @Test
    void magnitude() {
        String tooLarge = "has a number of more than 6 digits, or beyond 10 to the power of 10";
        passes("[[1e10,9.99e10,0.001e13],[-999e8,0e99,1e-99,0.0e12]]");
        for (String number : new String[]{"1e11", "10e10", "0.001e14", "-1e+11", "100000e6",
            "1e99999999999999999999", "1e-10000", "0e10000"}) {
            refuses(number, tooLarge, "");
        }
    }

    @Test
    void byDefaultWhatNoFloatHoldsIsRefused() {
        for (String number : new String[]{"1e308", "1.7976931348623157e308", "0.00017976931348623157e312", "-1e308"}) {
            assertThat(scan(number, JsonLimits.DEFAULTS)).as(number).isEqualTo(JsonOutcome.ONE);
        }
        for (String number : new String[]{"1.8e308", "1e309", "18e307", "-2E+308", "0.1e310"}) {
            assertThat(scan(number, JsonLimits.DEFAULTS)).as(number).isInstanceOf(JsonDefect.class);
        }
    }

    @Test
    void byDefaultAPromptOfAMillionBytesPasses() {
        String json = "{\"prompt\":\"" + "A prompt with \\\"quotes\\\" and ümlauts. ".repeat(27_000) + "\"}";
        assertThat(json.getBytes(UTF_8)).hasSizeGreaterThan(1_000_000);
        assertThat(scan(json, JsonLimits.DEFAULTS)).isEqualTo(JsonOutcome.ONE);
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> JsonLimits.DEFAULTS.withDepth(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsonLimits.DEFAULTS.withDepth(1_001)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsonLimits.DEFAULTS.withStringBytes(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void passes(String json) {
        assertThat(scan(json, LIMITS)).as(json).isEqualTo(JsonOutcome.ONE);
    }

    private static void refuses(String json, String what, String pointer) {
        assertThat(scan(json, LIMITS)).isInstanceOfSatisfying(JsonDefect.class, defect -> {
            assertThat(defect.reason()).isEqualTo(Reason.TOO_LARGE);
            assertThat(defect.what()).isEqualTo(what);
            assertThat(defect.pointer()).isEqualTo(pointer);
        });
    }

    private static JsonOutcome scan(String json, JsonLimits limits) {
        return JsonScanner.ofThisThread().scan(Unpooled.wrappedBuffer(json.getBytes(UTF_8)), limits);
    }
}
