package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** Our scanner and another reader agree on 40,000 texts, whole and broken; a failure names the seed and the text. */
final class JsonScannerPropertyTest {
    private static final int TEXTS = 20_000;
    private static final long SEED = 20261122;

    private final JsonScanner scanner = new JsonScanner(SEED, ~SEED);

    @Test
    void agreesWithAnotherReader() {
        JsonGenerator generator = new JsonGenerator(SEED);
        int sound = 0;
        int broken = 0;
        for (int i = 0; i < TEXTS; i++) {
            String json = generator.text();
            agrees(json.getBytes(UTF_8), i);
            byte[] mutated = generator.mutated(json);
            if (agrees(mutated, i)) {
                sound++;
            } else {
                broken++;
            }
        }
        assertThat(sound).isGreaterThan(TEXTS / 20);
        assertThat(broken).isGreaterThan(TEXTS / 4);
    }

    private boolean agrees(byte[] json, int number) {
        JsonOutcome outcome = scanner.scan(Unpooled.wrappedBuffer(json), JsonLimits.ANSWER);
        boolean tooLarge = outcome instanceof JsonDefect defect && defect.reason() == JsonDefect.Reason.TOO_LARGE;
        if (tooLarge) {
            return true; // a number that no float holds, which is JSON all the same, or is followed by what is not read
        }
        boolean accepted = outcome instanceof JsonOutcome.Sound;
        assertThat(accepted).as("text %d of seed %d: %s: %s", number, SEED, new String(json, UTF_8), outcome)
                .isEqualTo(JsonOracle.accepts(json));
        return accepted;
    }
}
