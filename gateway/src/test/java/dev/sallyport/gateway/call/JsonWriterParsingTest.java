package dev.sallyport.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the writer writes, as an ordinary parser reads it. */
final class JsonWriterParsingTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Test
    void everyCharacterComesBack() {
        StringBuilder all = new StringBuilder();
        for (int point = 0; point < 0x20000; point += point < 0x300 ? 1 : 7) {
            if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                all.appendCodePoint(point);
            }
        }

        assertThat(parsed(new JsonWriter(1).string(all.toString())).stringValue()).isEqualTo(all.toString());
    }

    @Test
    void anySequenceOfCharactersIsOneLine() {
        SplittableRandom random = new SplittableRandom(20_261_101);
        for (int round = 0; round < 5_000; round++) {
            char[] characters = new char[random.nextInt(40)];
            for (int i = 0; i < characters.length; i++) {
                characters[i] = (char) random.nextInt(switch (random.nextInt(3)) {
                    case 0 -> 0x80;
                    case 1 -> 0x100;
                    default -> 0x10000;
                });
            }

            JsonWriter json = new JsonWriter(1).beginObject().name("text").string(new String(characters)).endObject();

            assertThat(json.toString()).doesNotContain("\n", "\r");
            assertThat(parsed(json).get("text").stringValue().codePoints()
                    .filter(point -> point >= 0xd800 && point <= 0xdfff).count()).isZero();
        }
    }

    @Test
    void writesEveryLengthOfNumber() {
        for (long number : new long[]{0, 9, 10, 99, 100, 1_234_567_890_123_456_789L, Long.MAX_VALUE, -1, -10,
            Long.MIN_VALUE}) {
            assertThat(new JsonWriter(1).number(number)).hasToString(Long.toString(number));
        }
        for (long number = 1; number > 0; number *= 10) {
            assertThat(new JsonWriter(1).number(number)).hasToString(Long.toString(number));
            assertThat(new JsonWriter(1).number(number - 1)).hasToString(Long.toString(number - 1));
        }
    }

    @Test
    void aNameEncodedBeforehandIsTheSameName() {
        byte[] name = JsonWriter.encodeName("a\"b");

        JsonWriter json = new JsonWriter(1).beginObject().name(name).number(1).name(name).number(2).endObject();

        assertThat(json).hasToString("{\"a\\\"b\":1,\"a\\\"b\":2}");
    }

    @Test
    void whatIsTakenBackLeavesNoTrace() {
        JsonWriter json = new JsonWriter(1).beginObject().name("a").number(1).endObject().newLine();
        int whole = json.length();

        json.beginObject().name("b").string("half").rewind(whole).beginObject().endObject();

        assertThat(json).hasToString("{\"a\":1}\n{}");
    }

    private static JsonNode parsed(JsonWriter json) {
        return MAPPER.readTree(json.toBytes());
    }
}
