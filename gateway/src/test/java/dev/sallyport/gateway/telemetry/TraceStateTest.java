package dev.sallyport.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Headers;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceStateTest {
    @ParameterizedTest
    @ValueSource(strings = {"a=1", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "fw529a3039@dt=FfK_3-/*", "a=1 ,\t b=2,,",
        "0key=value with spaces", "a=1,a=2"})
    void whatIsWellFormedPassesAsItCame(String list) {
        assertThat(of(list)).isEqualTo(list);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "a", "a=", "=1", "A=1", "-a=1", "a b=1", "a=1=2", "a=\u00e9", "a=1,b", "a=\u0001"})
    void aMalformedMemberDropsTheWholeList(String list) {
        assertThat(of(list)).isNull();
    }

    @Test
    void agreesWithTheGrammarOnWhateverComes() {
        String member =
                "[ \\t]*([a-z0-9][a-z0-9_*/@-]*=[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]*[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e])?[ \\t]*";
        Pattern grammar = Pattern.compile(member + "(," + member + ")*");
        String alphabet = "ab1=,, \t_*/@-A~\u0001\u00e9";
        SplittableRandom random = new SplittableRandom(7);
        int passed = 0;
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text = new StringBuilder("a=1, b2@c=x y");
            for (int change = random.nextInt(4); change > 0; change--) {
                int at = random.nextInt(text.length());
                char other = alphabet.charAt(random.nextInt(alphabet.length()));
                if (random.nextBoolean()) {
                    text.setCharAt(at, other);
                } else {
                    text.insert(at, other);
                }
            }
            boolean expected = grammar.matcher(text).matches() && text.indexOf("=") >= 0;
            assertThat(of(text.toString())).as(text.toString()).isEqualTo(expected ? text.toString() : null);
            passed += expected ? 1 : 0;
        }
        assertThat(passed).isBetween(40_000, 160_000);
    }

    @Test
    void absentIsAbsent() {
        assertThat(TraceState.of(new Headers())).isNull();
    }

    @Test
    void severalFieldsAreOneListInTheirOrder() {
        assertThat(TraceState.of(Headers.of("tracestate", "a=1", "x", "y", "tracestate", "b=2"))).isEqualTo("a=1,b=2");
    }

    @Test
    void thirtyTwoMembersPassAndOneMoreDoesNot() {
        assertThat(of(members(32))).isEqualTo(members(32));
        assertThat(of(members(33))).isNull();
    }

    @Test
    void keysAndValuesHaveTheirLongest() {
        assertThat(of("k".repeat(256) + "=v")).isNotNull();
        assertThat(of("k".repeat(257) + "=v")).isNull();
        assertThat(of("k=" + "v".repeat(256))).isNotNull();
        assertThat(of("k=" + "v".repeat(257))).isNull();
    }

    @Test
    void aListOver512CharactersLosesWholeMembersTheLargeOnesFirst() {
        String large = "large=" + "v".repeat(200);
        String small = IntStream.range(0, 10).mapToObj(i -> "k" + i + "=" + "v".repeat(40))
                .collect(Collectors.joining(","));

        assertThat(of(large + "," + small)).isEqualTo(small);
        assertThat(of(small + "," + small)).startsWith(small).hasSizeLessThanOrEqualTo(512).doesNotEndWith(",");
    }

    private static @org.jspecify.annotations.Nullable String of(String list) {
        return TraceState.of(Headers.of("tracestate", list));
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
    }
}
