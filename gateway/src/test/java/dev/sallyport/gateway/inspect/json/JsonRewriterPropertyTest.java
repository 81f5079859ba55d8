package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rewriter against plain computations of what it should do; a failure names what went in. */
final class JsonRewriterPropertyTest {
    private static final long SEED = 20261123;

    @Test
    void whatIsShownIsSoundAndHoldsNoNumberThatIsTooExact() {
        JsonGenerator generator = new JsonGenerator(SEED);
        int sound = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] answer = generator.text().getBytes(UTF_8);
            ByteBuf body = Unpooled.wrappedBuffer(answer);
            sound += JsonScanner.ofThisThread().scan(body, JsonLimits.ANSWER) instanceof JsonOutcome.Sound ? 1 : 0;
            RewritePromises.REVEALS.forEach(reveal -> RewritePromises.hold(reveal, answer));
        }
        assertThat(sound).isGreaterThan(5_000);
    }

    @Test
    void roundsAsDecimalArithmeticDoes() {
        Random random = new Random(SEED);
        for (int i = 0; i < 50_000; i++) {
            String number = number(random);
            int digits = random.nextInt(6);
            String rounded = rewrite(new Reveal(false, 0, digits, List.of(), List.of()), "[" + number + "]");
            BigDecimal exact = new BigDecimal(number);
            BigDecimal expected = exact.scale() <= digits ? exact : exact.setScale(digits, RoundingMode.HALF_EVEN);
            assertThat(new BigDecimal(rounded.substring(1, rounded.length() - 1)))
                    .as("%s to %d digits", number, digits).isEqualTo(expected);
        }
    }

    @Test
    void showsTheBestScoresAndNothingOfTheOthers() {
        Random random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            List<String> scores = new ArrayList<>();
            for (int count = 1 + random.nextInt(12); count > 0; count--) {
                scores.add("0." + random.nextInt(20));
            }
            int top = 1 + random.nextInt(5);
            List<Integer> best = IntStream.range(0, scores.size()).boxed()
                    .sorted(Comparator.comparing((Integer index) -> new BigDecimal(scores.get(index))).reversed()
                            .thenComparing(Comparator.naturalOrder()))
                    .limit(top).toList();
            List<String> expected = IntStream.range(0, scores.size())
                    .mapToObj(index -> best.contains(index) ? scores.get(index) : "0.0").toList();
            assertThat(rewrite(new Reveal(false, top, -1, List.of(), List.of()),
                    "{\"scores\":[" + String.join(",", scores) + "]}"))
                    .as("top %d of %s", top, scores).isEqualTo("{\"scores\":[" + String.join(",", expected) + "]}");
        }
    }

    private static String number(Random random) {
        StringBuilder number = new StringBuilder(random.nextBoolean() ? "-" : "");
        number.append(random.nextInt(4) == 0 ? "0" : String.valueOf(1 + random.nextInt(99999)));
        if (random.nextInt(5) > 0) {
            number.append('.');
            for (int count = 1 + random.nextInt(10); count > 0; count--) {
                number.append("0459".charAt(random.nextInt(4))); // ties and carries are common
            }
        }
        if (random.nextInt(4) == 0) {
            number.append(random.nextBoolean() ? 'e' : 'E').append(random.nextInt(-12, 12));
        }
        return number.toString();
    }

    private static String rewrite(Reveal reveal, String answer) {
        return switch (JsonRewriter.of(reveal).rewrite(Unpooled.copiedBuffer(answer, UTF_8))) {
            case RewriteOutcome.Unchanged _ -> answer;
            case RewriteOutcome.Unreadable(String why) -> why;
            case RewriteOutcome.Rewritten(ByteBuf body) -> {
                String text = body.toString(UTF_8);
                body.release();
                yield text;
            }
        };
    }
}
