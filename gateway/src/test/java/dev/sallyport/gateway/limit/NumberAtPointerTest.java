package dev.sallyport.gateway.limit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which number is found in a text of JSON. */
final class NumberAtPointerTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
        "/n | {\"n\":12} | 12",
        "/n | { \"m\" : [1,{\"n\":3}], \"n\" : 7 } | 7",
        "/usage/total | {\"total\":1,\"usage\":{\"prompt\":2,\"total\":3},\"x\":{\"usage\":{\"total\":9}}} | 3",
        "/usage/total | {\"usage\":null,\"a\":[\"usage\",{\"total\":4}]} | -1",
        "/a/1/b | {\"a\":[{\"b\":1},{\"c\":0,\"b\":2},{\"b\":3}]} | 2",
        "/0 | [5,6] | 5",
        "/a~1b/c~0d | {\"a/b\":{\"c~d\":8}} | 8",
        "/ü | {\"\\u00fc\":3} | 3",
        "/€ | {\"\\u20aC\":4} | 4",
        "/n | {\"\\u006e\":5} | 5",
        "/n | {\"x\":\"\\\"n\\\":1,\\\\\",\"n\":6} | 6",
        "/n | {\"n\":1.0} | 1",
        "/n | {\"n\":1.25} | 2",
        "/n | {\"n\":0.000001} | 1",
        "/n | {\"n\":-1} | -1",
        "/n | {\"n\":\"12\"} | -1",
        "/n | {\"n\":1e9} | -1",
        "/n | {\"n\":12x} | -1",
        "/n | {\"n\":[1]} | -1",
        "/n | {\"n\":{\"n\":1}} | -1",
        "/n | {\"n\":null} | -1",
        "/n | {\"n\":99999999999999999999999999} | -1",
        "/n | {\"n\":999999999999999999} | 999999999999999999",
        "/n | {\"n\":1,\"n\":2} | 2",
        "/n | {\"n\":1,\"n\":\"x\"} | -1",
        "/n | {\"nn\":1,\"\":2} | -1",
        "/n | ]]}}{\"n\":1} | -1",
        "/n | [\"n\",1] | -1",
        "/0 | {\"0\":3} | 3",
        "/00 | [1] | -1"})
    void findsTheLastNumberAtThePointer(String pointer, String text, long expected) {
        NumberAtPointer number = new NumberAtPointer(pointer);
        number.process((byte) ' ');
        for (byte each : text.getBytes(UTF_8)) {
            assertThat(number.process(each)).isTrue();
        }
        assertThat(number.found()).isEqualTo(expected);

        number.reset();
        assertThat(number.found()).isEqualTo(NumberAtPointer.NONE);
    }

    @Test
    void noTextMakesItFail() {
        SplittableRandom random = new SplittableRandom(5);
        byte[] alphabet = "{}[]\",:\\un0129.-e ab/\n\u00fc".getBytes(UTF_8);
        for (int i = 0; i < 20_000; i++) {
            NumberAtPointer number = new NumberAtPointer(random.nextBoolean() ? "/a/0/b" : "/u");
            for (int j = random.nextInt(60); j > 0; j--) {
                number.process(alphabet[random.nextInt(alphabet.length)]);
            }
            assertThat(number.found()).isGreaterThanOrEqualTo(NumberAtPointer.NONE);
        }
    }

    @Test
    void depthCostsNothing() {
        NumberAtPointer number = new NumberAtPointer("/n");
        for (byte each : ("{\"m\":" + "[".repeat(1_000_000) + "]".repeat(1_000_000) + ",\"n\":3}").getBytes(UTF_8)) {
            number.process(each);
        }
        assertThat(number.found()).isEqualTo(3);
    }
}
