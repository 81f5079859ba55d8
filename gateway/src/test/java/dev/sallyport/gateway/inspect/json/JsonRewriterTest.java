package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers may see of an answer, on the shapes that models answer with. */
final class JsonRewriterTest {
    private static final Reveal LABEL = new Reveal(true, 0, -1, List.of(), List.of());
    private static final Reveal TOP_2 = top(2);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"label\":\"cat\",\"score\":0.9}                     | {\"label\":\"cat\"}",
        "{\"score\":0.9,\"label\":\"cat\"}                     | {\"label\":\"cat\"}",
        "{ \"score\" : 0.9 , \"prob\":1, \"label\":\"cat\" }   | { \"label\":\"cat\" }",
        "{\"label\":\"cat\",\"confidence\":97,\"ms\":12.5}     | {\"label\":\"cat\"}",
        "{\"score\":1}                                         | {}",
        "{\"label\":\"cat\",\"scores\":[0.1,0.7,0.2]}          | {\"label\":\"cat\",\"scores\":[0.0,1.0,0.0]}",
        "{\"scores\":{\"cat\":0.2,\"dog\":0.7,\"cow\":0.1}}    | {\"scores\":{\"dog\":1.0}}",
        "{\"cat\":0.2,\"dog\":0.7}                             | {\"dog\":1.0}",
        "[{\"label\":\"cat\",\"score\":0.2},{\"label\":\"dog\",\"score\":0.8}] | [{\"label\":\"dog\"}]",
        "{\"predictions\":[[0.1,0.9],[0.6,0.4]]}               | {\"predictions\":[[0.0,1.0],[1.0,0.0]]}",
        "{\"predictions\":[{\"label\":\"a\",\"score\":0.1},{\"label\":\"b\",\"score\":0.2}]} | {\"predictions\":[{\"label\":\"a\"},{\"label\":\"b\"}]}",
        "{\"predictions\":[{\"cat\":0.1,\"dog\":0.9},{\"cat\":0.7,\"dog\":0.3}]} | {\"predictions\":[{\"dog\":1.0},{\"cat\":1.0}]}",
        "{\"predictions\":[0.93,0.07]}                         | {\"predictions\":[1,0]}",
        "{\"predictions\":[3,1,2]}                             | {\"predictions\":[3,1,2]}",
        "{\"unheard\":{\"of\":[0.25,0.75]}}                    | {\"unheard\":{\"of\":[0.0,1.0]}}",
        "{\"logits\":[-3.5,-1.25,-2.0]}                        | {\"logits\":[0.0,1.0,0.0]}",
        "{\"label\":\"cat\",\"index\":3}                       | {\"label\":\"cat\",\"index\":3}",
        "{\"SCORES\":[1,2],\"\\u0053core\":5}                  | {\"SCORES\":[0.0,1.0]}"})
    void labelOnlyHidesEveryScore(String answer, String shown) {
        assertThat(rewrite(LABEL, answer)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"scores\":[0.1,0.4,0.3,0.2]}                        | {\"scores\":[0.0,0.4,0.3,0.0]}",
        "{\"scores\":[0.25,0.25,0.25,0.25]}                    | {\"scores\":[0.25,0.25,0.0,0.0]}",
        "{\"scores\":[0.9,0.1]}                                | {\"scores\":[0.9,0.1]}",
        "{\"logits\":[-3.5,-1.25,-2.5,-9]}                     | {\"logits\":[-4.0,-1.25,-2.5,-4.0]}",
        "{\"scores\":{\"a\":0.1,\"b\":0.6,\"c\":0.3}}          | {\"scores\":{\"b\":0.6,\"c\":0.3}}",
        "{\"top\":[{\"label\":\"a\",\"score\":0.1},{\"label\":\"b\",\"score\":0.6},{\"label\":\"c\",\"score\":0.3}],\"n\":3} | {\"top\":[{\"label\":\"b\",\"score\":0.6},{\"label\":\"c\",\"score\":0.3}],\"n\":3}",
        "{\"predictions\":[[0.1,0.2,0.7],[3,2,1]]}             | {\"predictions\":[[0.0,0.2,0.7],[3,2,0.0]]}",
        "{\"predictions\":[{\"scores\":[0.1,0.2,0.7]}]}        | {\"predictions\":[{\"scores\":[0.0,0.2,0.7]}]}",
        "[[0.1,0.2,0.7]]                                       | [[0.0,0.2,0.7]]",
        "{\"label\":\"cat\",\"score\":0.7}                     | {\"label\":\"cat\",\"score\":0.7}",
        "{\"predictions\":[3,1,2]}                             | {\"predictions\":[3,1,2]}",
        "{\"box\":[1.5,2.5,3.5],\"scores\":[]}                 | {\"box\":[1.5,2.5,3.5],\"scores\":[]}"})
    void topKeepsTheBest(String answer, String shown) {
        assertThat(rewrite(TOP_2, answer)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"scores\":[0.123456,0.5,1]}   | {\"scores\":[0.12,0.5,1]}",
        "[0.125,0.135,0.1350001,-0.125]  | [0.12,0.14,0.14,-0.12]",
        "[9.999,-9.995,0.999,99.996]     | [10.00,-10.00,1.00,100.00]",
        "[-0.001,0.004,1.5e-3,1e-9999]   | [0.00,0.00,0.00,0.00]",
        "[1.23456e1,12E-1,1e2,123.4e-4]  | [12.35,12E-1,1e2,0.01]",
        "{\"text\":\"0.123456\"}         | {\"text\":\"0.123456\"}",
        "{ \"a\" : 0.129 , \"b\":[ 7.777 ]  } | { \"a\" : 0.13 , \"b\":[ 7.78 ]  }"})
    void roundsDecimalsHalfToEven(String answer, String shown) {
        assertThat(rewrite(new Reveal(false, 0, 2, List.of(), List.of()), answer)).isEqualTo(shown);
    }

    @Test
    void roundsToWholeNumbers() {
        Reveal whole = new Reveal(false, 0, 0, List.of(), List.of());
        assertThat(rewrite(whole, "[0.5,1.5,2.5,-0.5,-1.5,9.5,0.51,99.99]")).isEqualTo("[0,2,2,0,-2,10,1,100]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "/a       | {\"a\":1,\"b\":2,\"c\":3}           | {\"b\":2,\"c\":3}",
        "/b       | {\"a\":1,\"b\":2,\"c\":3}           | {\"a\":1,\"c\":3}",
        "/c       | {\"a\":1,\"b\":2,\"c\":3}           | {\"a\":1,\"b\":2}",
        "/a /b    | {\"a\":1,\"b\":2,\"c\":3}           | {\"c\":3}",
        "/b /c    | {\"a\":1,\"b\":2,\"c\":3}           | {\"a\":1}",
        "/a /b /c | { \"a\":1, \"b\":2, \"c\":3 }       | {  }",
        "/a       | {\"\\u0061\":[{}],\"b\":2}          | {\"b\":2}",
        "/x/*/y   | {\"x\":[{\"y\":1,\"z\":2},{\"y\":3}]} | {\"x\":[{\"z\":2},{}]}",
        "/x/-/y   | {\"x\":[{\"y\":1,\"z\":2},{\"y\":3}]} | {\"x\":[{\"z\":2},{}]}",
        "/x/1     | {\"x\":[1,2,3]}                     | {\"x\":[1,3]}",
        "/x/*     | {\"x\":[1,2,3],\"y\":0}             | {\"x\":[],\"y\":0}",
        "/a~1b    | {\"a/b\":1,\"a\":{\"b\":2}}         | {\"a\":{\"b\":2}}",
        "/*/k     | {\"p\":{\"k\":1},\"q\":{\"k\":1,\"l\":2}} | {\"p\":{},\"q\":{\"l\":2}}",
        "/absent  | {\"a\":1}                           | {\"a\":1}"})
    void removesWhatPointersLeadTo(String pointers, String answer, String shown) {
        assertThat(rewrite(new Reveal(false, 0, -1, List.of(pointers.split(" ")), List.of()), answer)).isEqualTo(shown);
    }

    @Test
    void pointersToScoresStandInsteadOfShapes() {
        Reveal reveal = new Reveal(false, 1, -1, List.of(), List.of("/result/*/values"));
        assertThat(rewrite(reveal, "{\"result\":[{\"values\":[1,3,2]},{\"values\":[9,8]}],\"scores\":[1,2,3]}"))
                .isEqualTo("{\"result\":[{\"values\":[0.0,3,0.0]},{\"values\":[9,0.0]}],\"scores\":[1,2,3]}");
        Reveal flat = new Reveal(true, 0, -1, List.of(), List.of("/predictions"));
        assertThat(rewrite(flat, "{\"predictions\":[0.1,0.7,0.2]}")).isEqualTo("{\"predictions\":[0.0,1.0,0.0]}");
    }

    @Test
    void removalComesFirstAndRoundingLast() {
        Reveal reveal = new Reveal(false, 2, 1, List.of("/scores/best"), List.of());
        assertThat(rewrite(reveal, "{\"scores\":{\"best\":0.91,\"a\":0.24,\"b\":0.35,\"c\":0.16},\"ms\":3.14159}"))
                .isEqualTo("{\"scores\":{\"a\":0.2,\"b\":0.4},\"ms\":3.1}");
    }

    @Test
    void tensorsAreScoresAlongTheirLastDimension() {
        String tensors =
                "{\"model_name\":\"m\",\"outputs\":[{\"name\":\"p\",\"datatype\":\"FP32\",\"shape\":[2,3],\"data\":%s},"
                        + "{\"name\":\"l\",\"datatype\":\"INT64\",\"shape\":[2],\"data\":[2,0]}]}";
        assertThat(rewrite(top(1), tensors.formatted("[0.1,0.2,0.7,0.6,0.3,0.1]")))
                .isEqualTo(tensors.formatted("[0.0,0.0,0.7,0.6,0.0,0.0]"));
        assertThat(rewrite(LABEL, tensors.formatted("[[0.1,0.2,0.7],[0.6,0.3,0.1]]")))
                .isEqualTo(tensors.formatted("[[0.0,0.0,1.0],[1.0,0.0,0.0]]"));
    }

    @Test
    void aTensorThatContradictsItselfIsNotReadable() {
        String tensor = "{\"outputs\":[{\"data\":[0.1,0.2,0.7],\"datatype\":\"FP32\",\"shape\":%s}]}";
        for (String shape : List.of("[2,3]", "[-1,3]", "[4294967296,4294967296,4294967296,4294967296]", "3",
                "[1.5,2]")) {
            assertThat(outcome(TOP_2, tensor.formatted(shape))).as(shape).isInstanceOf(RewriteOutcome.Unreadable.class);
        }
        assertThat(rewrite(TOP_2, tensor.formatted("[3]"))).isEqualTo(tensor.formatted("[3]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            value = {"{\"score\":0.9|", "{\"score\":NaN}|", "{\"score\":0.9,\"score\":0.8}|", "hello|"})
    void whatIsNotSoundIsNotReadable(String answer, String ignored) {
        assertThat(outcome(LABEL, answer)).isInstanceOf(RewriteOutcome.Unreadable.class);
    }

    @Test
    void saysWhenNothingHadToBeChanged() {
        assertThat(outcome(LABEL, "{\"label\":\"cat\"}")).isEqualTo(RewriteOutcome.UNCHANGED);
        assertThat(outcome(new Reveal(false, 0, 3, List.of("/x"), List.of()), "[0.25]"))
                .isEqualTo(RewriteOutcome.UNCHANGED);
    }

    @Test
    void refusesRulesThatMakeNoSense() {
        assertThatThrownBy(() -> top(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Reveal(false, 0, 16, List.of(), List.of())).hasMessageContaining("digits");
        assertThatThrownBy(() -> new Reveal(false, 0, 1, List.of("a"), List.of()))
                .hasMessageContaining("begins with `/`");
        assertThatThrownBy(() -> new Reveal(false, 0, 1, List.of(), List.of("/a~2"))).hasMessageContaining("~0");
        assertThatThrownBy(() -> new Reveal(false, 0, 1, List.of(""), List.of())).hasMessageContaining("whole answer");
    }

    private static Reveal top(int top) {
        return new Reveal(false, top, -1, List.of(), List.of());
    }

    private static RewriteOutcome outcome(Reveal reveal, String answer) {
        ByteBuf body = Unpooled.copiedBuffer(answer, UTF_8);
        try {
            return JsonRewriter.of(reveal).rewrite(body);
        } finally {
            assertThat(body.release()).isTrue();
        }
    }

    private static String rewrite(Reveal reveal, String answer) {
        return switch (outcome(reveal, answer)) {
            case RewriteOutcome.Unchanged ignored -> answer;
            case RewriteOutcome.Unreadable unreadable -> unreadable.why();
            case RewriteOutcome.Rewritten rewritten -> {
                String text = rewritten.body().toString(UTF_8);
                assertThat(rewritten.body().release()).isTrue();
                yield text;
            }
        };
    }
}
