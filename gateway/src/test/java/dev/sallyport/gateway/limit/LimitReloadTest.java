package dev.sallyport.gateway.limit;

import static dev.sallyport.gateway.limit.TestingLimits.PARTNER;
import static dev.sallyport.gateway.limit.TestingLimits.PER_MINUTE;
import static dev.sallyport.gateway.limit.TestingLimits.RESNET;
import static dev.sallyport.gateway.limit.TestingLimits.end;
import static dev.sallyport.gateway.limit.TestingLimits.rate;
import static dev.sallyport.gateway.limit.TestingLimits.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of counters when the configuration changes. */
final class LimitReloadTest {
    private final TestingLimits limits = new TestingLimits();

    @Test
    void countersSurviveAReload() {
        Map<String, LimitRule> rules = Map.of("partner", new LimitRule(List.of(PER_MINUTE), 2));
        Limit before = limits.ofCallers(rules);
        Call inFlight = limits.call(PARTNER, RESNET);
        before.check(inFlight);

        Limit after = limits.ofCallers(Map.copyOf(rules));

        assertThat(limits.fields(after, PARTNER)).endsWith("\"caller\";r=58;t=1, \"caller-concurrency\";r=0");
        assertThat(limits.code(after, PARTNER)).isEqualTo(RefusalCode.CONCURRENCY_LIMITED);
        end(inFlight);
        assertThat(after.check(limits.call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
    }

    /** Half a minute is used before, so half a minute is used after, whatever a minute then holds. */
    @Test
    void aChangedRateKeepsTheShareThatIsUsed() {
        limits.admitted(limits.ofCallers(Map.of("partner", rule(PER_MINUTE))), PARTNER, 30);

        assertThat(limits.admitted(limits.ofCallers(Map.of("partner", rule(rate(120, Duration.ofMinutes(1), 120)))),
                PARTNER, 1_000))
                .isEqualTo(60);
        assertThat(limits.admitted(limits.ofCallers(Map.of("partner", rule(rate(6, Duration.ofMinutes(1), 6)))),
                PARTNER, 1_000))
                .isZero();
        limits.time().pass(Duration.ofSeconds(30));
        assertThat(limits.admitted(limits.ofCallers(Map.of("partner", rule(rate(6, Duration.ofMinutes(1), 6)))),
                PARTNER, 1_000))
                .isEqualTo(3);
    }

    @Test
    void aShrunkBurstMakesTheCallerWaitAndNotStarve() {
        limits.admitted(limits.ofCallers(Map.of("partner", rule(rate(10, Duration.ofSeconds(1), 600)))), PARTNER, 600);
        Limit shrunk = limits.ofCallers(Map.of("partner", rule(rate(10, Duration.ofSeconds(1), 1))));

        assertThat(((Refusal) shrunk.check(limits.call(PARTNER, RESNET))).fields()).containsEntry("retry-after", "60");
        limits.time().pass(Duration.ofSeconds(60));
        assertThat(shrunk.check(limits.call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
    }

    @Test
    void placesAreFewerAfterAReloadThatSaysSo() {
        Limit wide = limits.ofCallers(Map.of("partner", new LimitRule(List.of(), 3)));
        Call first = limits.call(PARTNER, RESNET);
        wide.check(first);
        wide.check(limits.call(PARTNER, RESNET));
        Limit narrow = limits.ofCallers(Map.of("partner", new LimitRule(List.of(), 1)));

        assertThat(narrow.check(limits.call(PARTNER, RESNET))).isInstanceOf(Refusal.class);
        end(first);
        assertThat(narrow.check(limits.call(PARTNER, RESNET))).isInstanceOf(Refusal.class);
    }
}
