package dev.sallyport.gateway.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class JsonBufferTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Test
    void everyCharacterComesBackFromAnOrdinaryParser() {
        StringBuilder all = new StringBuilder();
        for (int point = 0; point < 0x20000; point += point < 0x300 ? 1 : 7) {
            if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                all.appendCodePoint(point);
            }
        }

        assertThat(parsed(encoded(all.toString(), Integer.MAX_VALUE))).isEqualTo(all.toString());
    }

    @Test
    void anySequenceOfCharactersIsOneLineOfAsciiAndValidJson() {
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
            String text = new String(characters);

            String json = encoded(text, random.nextInt(1, 50));

            assertThat(json).matches("\\A[ -~]*\\z");
            assertThat(parsed(json)).doesNotContain("\ud800");
        }
    }

    @Test
    void halfOfASurrogatePairBecomesTheReplacementCharacter() {
        assertThat(parsed(encoded("a\ud83d", 9))).isEqualTo("a\ufffd");
        assertThat(parsed(encoded("\ude00a", 9))).isEqualTo("\ufffda");
        assertThat(parsed(encoded("\ud83d\ude00", 9))).isEqualTo("\ud83d\ude00");
        assertThat(parsed(encoded("\ud83d\ude00", 1))).isEqualTo("\ufffd…");
    }

    @Test
    void aLongerTextEndsInAnEllipsis() {
        assertThat(parsed(encoded("abcdef", 5))).isEqualTo("abcde…");
        assertThat(parsed(encoded("abcde", 5))).isEqualTo("abcde");
    }

    @Test
    void writesEveryLengthOfNumber() {
        for (long number : new long[] {0, 9, 10, 99, 100, 1_234_567_890_123_456_789L, Long.MAX_VALUE, -1, -10, Long.MIN_VALUE}) {
            JsonBuffer buffer = new JsonBuffer(1);
            buffer.number(number);
            assertThat(text(buffer)).isEqualTo(Long.toString(number));
        }
        for (long number = 1; number > 0; number *= 10) {
            JsonBuffer buffer = new JsonBuffer(1);
            buffer.number(number);
            buffer.number(number - 1);
            assertThat(text(buffer)).isEqualTo(number + "" + (number - 1));
        }
    }

    private static String encoded(String value, int charactersMax) {
        JsonBuffer buffer = new JsonBuffer(1);
        buffer.string(value, charactersMax);
        return text(buffer);
    }

    private static String text(JsonBuffer buffer) {
        return new String(buffer.array(), 0, buffer.length(), UTF_8);
    }

    private static String parsed(String json) {
        return MAPPER.readTree(json).stringValue();
    }
}
