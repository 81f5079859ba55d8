package dev.sallyport.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceParentTest {
    private static final String VALID = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @ParameterizedTest
    @ValueSource(strings = {
        VALID,
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-brings"})
    void readsVersionZeroAndLaterOnes(String text) {
        assertThat(TraceParent.valid(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "00", "00-", VALID + "-", VALID + "-x", VALID + "0", " " + VALID, VALID + " ",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "000-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e47360-0f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x"})
    void refusesEverythingElse(String text) {
        assertThat(TraceParent.valid(text)).isFalse();
    }

    @Test
    void agreesWithTheGrammarOnWhateverComes() {
        Pattern grammar = Pattern.compile(
                "(?!ff)(00(?=-.{52}$)|(?!00)[0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");
        String alphabet = "0123456789abcdefABFGg- \u00ff";
        SplittableRandom random = new SplittableRandom(7);
        int valid = 0;
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text =
                    new StringBuilder(random.nextBoolean() ? VALID : VALID.replace("00-4b", "01-4b") + "-x");
            for (int change = random.nextInt(3); change > 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    case 1 -> text.deleteCharAt(at);
                    default -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                }
            }
            boolean expected = grammar.matcher(text).matches();
            assertThat(TraceParent.valid(text.toString())).as(text.toString()).isEqualTo(expected);
            valid += expected ? 1 : 0;
        }
        assertThat(valid).isBetween(50_000, 150_000);
    }

    @Test
    void beginsATraceWithRandomIds() {
        assertThat(TraceParent.begin(0x4bf92f3577b34da6L, 0xa3ce929d0e0e4736L, 0xf067aa0ba902b7L, true))
                .isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03");
        assertThat(TraceParent.begin(0x4bf92f3577b34da6L, 0xa3ce929d0e0e4736L, 0xf067aa0ba902b7L, false))
                .isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02");
        assertThat(TraceParent.valid(TraceParent.begin(0, 0, 0, true))).isTrue();
    }

    @Test
    void aChildStaysInItsTraceAndKeepsOnlyTheFlagsThatAreKnown() {
        assertThat(TraceParent.child(VALID, 0xabcL, false))
                .isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000abc-00");
        assertThat(TraceParent.child("cc" + VALID.substring(2, 53) + "ff-more", -1, true))
                .isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-ffffffffffffffff-03");
    }

    @Test
    void saysWhatItsPartsAre() {
        assertThat(TraceParent.traceId(VALID)).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(TraceParent.spanId(VALID)).isEqualTo("00f067aa0ba902b7");
        assertThat(TraceParent.sampled(VALID)).isTrue();
        assertThat(TraceParent.sampled(VALID.substring(0, 53) + "fe")).isFalse();
    }
}
