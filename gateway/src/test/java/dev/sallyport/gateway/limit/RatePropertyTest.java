package dev.sallyport.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.testing.ManualTime;
import dev.sallyport.gateway.testing.TestingCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The control against {@link ExactLimiter}, call by call, on random rates and arrivals. A failure names its seed. */
final class RatePropertyTest {
    private static final Caller CALLER = Caller.bearer("partner", Caller.Cohort.PARTNER);
    private static final int ROUNDS = 300;
    private static final int CALLS = 300;

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_122, 42})
    void decidesAndReportsAsTheSimplestModelDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            // Also where readings of the clock wrap, which they may.
            ManualTime time = new ManualTime(switch (random.nextInt(3)) {
                case 0 -> Long.MAX_VALUE - random.nextLong(1_000_000_000_000L);
                case 1 -> -random.nextLong(1_000_000_000_000L);
                default -> random.nextLong();
            });
            List<Rate> rates = new ArrayList<>();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                rates.add(rate(random));
            }
            List<ExactLimiter> models = rates.stream().map(ExactLimiter::new).toList();
            Limit limit = new Limit(Map.of("partner", new LimitRule(rates, 0)), Map.of(), new LimitState(time, 1));
            long meanNanos = rates.getFirst().periodNanos() / rates.getFirst().count() * random.nextInt(1, 4) / 2 + 1;
            long now = 0;
            for (int i = 0; i < CALLS; i++) {
                long passed =
                        random.nextInt(10) == 0 ? meanNanos * random.nextInt(100) : random.nextLong(meanNanos + 1);
                now += passed;
                time.passNanos(passed);
                Call call = TestingCall.of(CALLER, null).make(time);

                boolean admitted = limit.check(call) instanceof Verdict.Pass;

                long current = now;
                boolean expected = models.stream().allMatch(model -> model.remaining(current) > 0);
                if (expected) {
                    models.forEach(model -> model.take(current));
                }
                assertThat(admitted).as("seed %d, round %d, call %d, %s", seed, round, i, rates).isEqualTo(expected);
                assertThat(Objects.requireNonNull(call.answerFields()).first("ratelimit"))
                        .as("seed %d, round %d, call %d, %s", seed, round, i, rates).isEqualTo(field(models, now));
            }
        }
    }

    private static String field(List<ExactLimiter> models, long now) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            long seconds = Math.ceilDiv(models.get(i).untilNextNanos(now), 1_000_000_000L);
            members.add("\"caller" + (i == 0 ? "" : "-" + (i + 1)) + "\";r=" + models.get(i).remaining(now) + ";t="
                    + seconds);
        }
        return String.join(", ", members);
    }

    private static Rate rate(SplittableRandom random) {
        long periodNanos = switch (random.nextInt(4)) {
            case 0 -> 1_000_000L * random.nextInt(1, 1_000);
            case 1 -> 1_000_000_000L * random.nextInt(1, 100);
            case 2 -> random.nextLong(1_000_000, 1_000_000_000_000L);
            default -> 60_000_000_000L;
        };
        int count = random.nextInt(1, random.nextBoolean() ? 10 : 1_000);
        return new Rate(count, periodNanos, random.nextBoolean() ? count : random.nextInt(1, 50), Rate.Scope.WHOLE);
    }
}
