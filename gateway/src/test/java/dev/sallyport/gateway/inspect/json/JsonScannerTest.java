package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.inspect.json.JsonDefect.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is JSON and what is not, and that a defect says what and where. */
final class JsonScannerTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "null", "true", "false", "0", "-0", "0.5", "-0.0e-0", "1E22", "1e+2", "123456789012345678901234567890", "\"\"",
        "[]", "{}", " \t\r\n[ ] \n", "[[[]]]", "{\"\":0}", "{\"a\":{\"a\":{\"a\":[]}}}", "[1,2 , 3]",
        "{\"a\" : 1 , \"b\":[{}] }",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0000\\uFFFF\\uaBcD\"", "\"\\ud83d\\ude00\"", "\"\u007f\"",
        "\"😀é߿ࠀ￿𐀀􏿿\"",
        "{\"a\":1,\"A\":2}", "{\"a\":1,\"a \":2}", "[{\"a\":1},{\"a\":1}]", "{\"a\":{\"b\":1},\"b\":2}", "5e-324",
        "1e-9999",
        "1.7976931348623157e308", "0e9999", "[\"12345678\",\"1234567\",\"123456789\",\"1234567890123456\"]"})
    void acceptsWhatIsJson(String json) {
        assertThat(scan(json)).isEqualTo(JsonOutcome.ONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "nul", "nulll", "True", "NaN", "Infinity", "-Infinity", "undefined", "'a'", "\"", "\"a", "\"\\\"",
        "\"\\", "\"\\u12",
        "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1,,2]", "[1}", "{\"a\"", "{\"a\":", "{\"a\":1",
        "{\"a\":1,", "{\"a\":1,}",
        "{,}", "{\"a\" 1}", "{\"a\"::1}", "{a:1}", "{1:1}", "{\"a\":1 \"b\":2}", "{\"a\":1]", "01", "-", "-01", "+1",
        ".5", "1.", "1.e1", "1e", "1e+",
        "0x1", "1_000", "1 1", "[] []", "{} x", "[]]", "/* c */ 1", "// c\n1", "[1]#", "\"\\x41\"", "\"\\'\"",
        "\"\\U0041\"", "\"\\u00g0\"",
        "\"\\u+123\"", "\"\t\"", "\"a\nb\"", "\"\u0000\"", "\u0000", "1\u0000", "[]\u0000", "\u00a0[]", "[\u000b]",
        "\ufeff{}",
        "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\n\"", "\"\\ud800\\u0041\"", "\"\\ud800\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"12345678", "\"1234567", "nullx", "fals", "falsE", "tru}", "[true false]", "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"b\":2,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}", "{\"\\u0061\":1,\"\\u0061\":2}", "{\"é\":1,\"\\u00e9\":2}",
        "{\"\\ud83d\\ude00\":1,\"😀\":2}", "{\"/\":1,\"\\/\":2}",
        "{\"\":1,\"\":2}", "{\"a long name of many words\":1,\"a long n\\u0061me of many words\":2}",
        "[[{\"a\":1,\"a\":2}]]"})
    void refusesWhatIsNot(String json) {
        assertThat(scan(json)).isInstanceOfSatisfying(
                JsonDefect.class, defect -> assertThat(defect.reason()).isEqualTo(Reason.MALFORMED));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "80", "bf", "c0af", "c080", "c1bf", "c2", "c220", "e08080", "e09fbf", "eda080", "edbfbf", "e182", "e18220",
        "f0808080", "f08fbfbf", "f4908080",
        "f5808080", "f8888080", "ff", "fe", "f09f98", "c3a9c3", "efbbbfff"})
    void refusesWhatIsNotUtf8(String hexadecimal) {
        byte[] bytes = HexFormat.of().parseHex("22" + hexadecimal + "22");
        assertThat(scan(Unpooled.wrappedBuffer(bytes))).isInstanceOf(JsonDefect.class);
        byte[] name = HexFormat.of().parseHex("7b22" + hexadecimal + "223a307d");
        assertThat(scan(Unpooled.wrappedBuffer(name))).isInstanceOf(JsonDefect.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE"})
    void refusesOtherEncodings(String encoding) {
        byte[] bytes = "{\"a\":1}".getBytes(java.nio.charset.Charset.forName(encoding));
        assertThat(scan(Unpooled.wrappedBuffer(bytes))).isInstanceOf(JsonDefect.class);
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        assertThat(scan("{\"a\":[1,{\"b/c~\":tru}]}"))
                .isEqualTo(new JsonDefect(Reason.MALFORMED, "has no value where one is needed", "/a/1/b~1c~0", 16));
        assertThat(scan("{\"x\":1,\"y\":{\"k\":1,\"\\u006b\":2}}"))
                .isEqualTo(new JsonDefect(Reason.MALFORMED, "has the same name twice in one object", "/y/k", 18));
        assertThat(scan("[1,2,[3,4")).isEqualTo(new JsonDefect(Reason.MALFORMED, "ends within an array", "/2/1", 9));
        assertThat(scan("")).isEqualTo(new JsonDefect(Reason.MALFORMED, "is empty", "", 0));
        assertThat(scan("[NaN]"))
                .isEqualTo(new JsonDefect(Reason.MALFORMED, "has NaN or Infinity, which JSON does not have", "/0", 1));
        assertThat(((JsonDefect) scan("\ufeff{}")).what()).isEqualTo("begins with a byte order mark");
        assertThat(((JsonDefect) scan("{} {}")).detail()).isEqualTo("The JSON goes on behind its end (byte 3).");
    }

    @Test
    void shortensAPointerThatAnAttackerMadeLong() {
        String name = "n".repeat(5_000);
        String json = ("{\"" + name + "\":").repeat(60) + "!";
        assertThat(scan(json)).isInstanceOfSatisfying(
                JsonDefect.class, defect -> assertThat(defect.pointer()).hasSizeLessThan(600).contains("…"));
    }

    @Test
    void readsOnlyTheReadableBytesAndLeavesTheBufferAsItWas() {
        ByteBuf buffer = Unpooled.copiedBuffer("xx[1,2]yy", UTF_8).setIndex(2, 7);
        assertThat(scan(buffer)).isEqualTo(JsonOutcome.ONE);
        assertThat(buffer.readerIndex()).isEqualTo(2);
        assertThat(buffer.readableBytes()).isEqualTo(5);
        assertThat(buffer.refCnt()).isOne();
    }

    @Test
    void doesNotSeeTheBodyThatCameBefore() {
        JsonScanner scanner = new JsonScanner(1, 2);
        assertThat(scanner.scan(bytes("{\"abcdefghijklmnop\":[1,2,3]}"), JsonLimits.DEFAULTS))
                .isEqualTo(JsonOutcome.ONE);
        assertThat(scanner.scan(bytes("{\"abcdefgh"), JsonLimits.DEFAULTS)).isInstanceOf(JsonDefect.class);
        assertThat(scanner.scan(bytes("{\"abcdefghijklmnop\":[1,2"), JsonLimits.DEFAULTS))
                .isInstanceOf(JsonDefect.class);
    }

    @Test
    void givesTheSameVerdictHoweverTheBodyIsCut() {
        byte[] json = "{\"naïve\":[\"\\ud83d\\ude00 😀\",-1.5e3,true],\"n\\u0061me\":{\"x\":null}}".getBytes(UTF_8);
        for (int cut = 0; cut <= json.length; cut++) {
            CompositeByteBuf parts = Unpooled.compositeBuffer()
                    .addComponent(true, Unpooled.directBuffer().writeBytes(json, 0, cut))
                    .addComponent(true, Unpooled.wrappedBuffer(json, cut, json.length - cut));
            assertThat(JsonScanner.ofThisThread().scan(parts, JsonLimits.DEFAULTS)).isEqualTo(JsonOutcome.ONE);
            parts.release();
            if (cut < json.length) {
                assertThat(scan(Unpooled.wrappedBuffer(json, 0, cut))).as("only %s bytes", cut)
                        .isInstanceOf(JsonDefect.class);
            }
        }
    }

    @Test
    void aMillionOpenBracketsNeedNoStack() {
        assertThat(scan("[".repeat(1_000_000)))
                .isEqualTo(new JsonDefect(Reason.TOO_LARGE, "is nested deeper than 64", "/0".repeat(64), 64, 64));
        assertThat(scan("{\"a\":".repeat(1_000_000))).isInstanceOfSatisfying(
                JsonDefect.class, defect -> assertThat(defect.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @Test
    void findsNamesThatRepeatAtEveryDepth() {
        JsonLimits deep = JsonLimits.DEFAULTS.withDepth(JsonLimits.DEPTH_MOST);
        for (int depth = 0; depth < JsonLimits.DEPTH_MOST; depth++) {
            String json = "[".repeat(depth) + "{\"a\":1,\"b\":2}" + "]".repeat(depth);
            JsonScanner fresh = new JsonScanner(3, 4);
            assertThat(fresh.scan(bytes(json), deep)).isEqualTo(JsonOutcome.ONE);
            assertThat(fresh.scan(bytes(json.replace("b", "a")), deep)).isInstanceOf(JsonDefect.class);
        }
    }

    @Test
    @Timeout(20)
    void namesWithEqualHashesElsewhereCostNoMore() {
        // "Aa" and "BB" have the same String.hashCode: so do all words of them.
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < 1 << 17; i++) {
            json.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < 17; bit++) {
                json.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            json.append("\":0");
        }
        JsonLimits limits = JsonLimits.ANSWER;
        ByteBuf sound = bytes(json + "}");
        long begin = System.nanoTime();
        assertThat(JsonScanner.ofThisThread().scan(sound, limits)).isEqualTo(JsonOutcome.ONE);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        String last = json.substring(json.lastIndexOf(",\"") + 1);
        assertThat(JsonScanner.ofThisThread().scan(bytes(json + "," + last + "}"), limits))
                .isInstanceOfSatisfying(JsonDefect.class, defect -> assertThat(defect.what()).contains("twice"));
    }

    private static JsonOutcome scan(String json) {
        return scan(bytes(json));
    }

    private static JsonOutcome scan(ByteBuf json) {
        return JsonScanner.ofThisThread().scan(json, JsonLimits.DEFAULTS);
    }

    private static ByteBuf bytes(String json) {
        return Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));
    }
}
