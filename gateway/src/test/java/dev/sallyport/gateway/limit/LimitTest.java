package dev.sallyport.gateway.limit;

import static dev.sallyport.gateway.limit.TestingLimits.APP;
import static dev.sallyport.gateway.limit.TestingLimits.PARTNER;
import static dev.sallyport.gateway.limit.TestingLimits.PER_MINUTE;
import static dev.sallyport.gateway.limit.TestingLimits.PER_SECOND;
import static dev.sallyport.gateway.limit.TestingLimits.RESNET;
import static dev.sallyport.gateway.limit.TestingLimits.end;
import static dev.sallyport.gateway.limit.TestingLimits.fields;
import static dev.sallyport.gateway.limit.TestingLimits.perAddress;
import static dev.sallyport.gateway.limit.TestingLimits.rate;
import static dev.sallyport.gateway.limit.TestingLimits.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.testing.TestingCall;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a caller is promised of its limits. */
final class LimitTest {
    private final TestingLimits limits = new TestingLimits();

    @Test
    void admitsTheBurstAtOnceAndThenTheSteadyRate() {
        Limit limit = limits.ofCallers(Map.of("partner", rule(PER_MINUTE)));

        assertThat(limits.admitted(limit, PARTNER, 100)).isEqualTo(60);
        limits.time().pass(Duration.ofMillis(999));
        assertThat(limits.admitted(limit, PARTNER, 10)).isZero();
        limits.time().pass(Duration.ofMillis(1));
        assertThat(limits.admitted(limit, PARTNER, 10)).isEqualTo(1);
        limits.time().pass(Duration.ofSeconds(30));
        assertThat(limits.admitted(limit, PARTNER, 100)).isEqualTo(30);
        limits.time().pass(Duration.ofDays(400));
        assertThat(limits.admitted(limit, PARTNER, 100)).isEqualTo(60);
    }

    @Test
    void aBurstOfOneSpacesTheCallsEvenly() {
        Limit limit = limits.ofCallers(Map.of("partner", rule(rate(4, Duration.ofSeconds(1), 1))));

        for (int i = 0; i < 8; i++) {
            assertThat(limits.admitted(limit, PARTNER, 3)).isEqualTo(1);
            limits.time().pass(Duration.ofMillis(250));
        }
    }

    /** A seventh of a second is 142,857,142 6/7 ns: one more rather than one less, so that no second holds eight. */
    @Test
    void aTimeThatIsNotWholeIsRoundedAgainstTheCaller() {
        Limit limit = limits.ofCallers(Map.of("partner", rule(rate(7, Duration.ofSeconds(1), 1))));
        assertThat(limits.admitted(limit, PARTNER, 2)).isEqualTo(1);

        limits.time().passNanos(142_857_142);
        assertThat(limits.admitted(limit, PARTNER, 1)).isZero();
        limits.time().passNanos(1);
        assertThat(limits.admitted(limit, PARTNER, 1)).isEqualTo(1);
    }

    @Test
    void eachCallerHasItsOwnCounter() {
        Limit limit = limits.ofCallers(Map.of("partner", rule(PER_MINUTE), "app", rule(PER_MINUTE)));
        assertThat(limits.admitted(limit, PARTNER, 100)).isEqualTo(60);

        assertThat(limits.admitted(limit, APP, 100)).isEqualTo(60);
    }

    @Test
    void whoHasNoRuleIsNotLimitedAndToldNothing() {
        Limit limit = limits.ofCallers(Map.of("partner", rule(PER_MINUTE), "app", LimitRule.NONE));

        Call call = limits.call(APP, RESNET);

        assertThat(limit.check(call)).isEqualTo(Verdict.PASS);
        assertThat(call.answerFields()).isNull();
        assertThat(limits.admitted(limit, Caller.anonymous("public"), 1_000)).isEqualTo(1_000);
        assertThat(limits.state().counters()).isZero();
    }

    @Test
    void callersThatDoNotCallCostNothing() {
        Map<String, LimitRule> rules = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            rules.put("caller-" + i, new LimitRule(List.of(PER_MINUTE, PER_SECOND), 4));
        }
        Limit limit = limits.ofCallers(rules);
        assertThat(limits.state().counters()).isZero();

        limit.check(limits.call(Caller.bearer("caller-7", Caller.Cohort.PARTNER), RESNET));

        assertThat(limits.state().counters()).isEqualTo(3);
    }

    /** Its counters are dropped when it has not called for long, and nobody could tell. */
    @Test
    void aCallerThatStopsCallingCostsNothingAgain() {
        Limit limit =
                limits.ofCallers(Map.of("partner", new LimitRule(List.of(PER_MINUTE), 4), "app", rule(PER_SECOND)));
        Call inFlight = limits.call(PARTNER, RESNET);
        limit.check(inFlight);
        for (int i = 0; i < 100; i++) {
            limits.time().pass(Duration.ofSeconds(10));
            limit.check(limits.call(APP, RESNET));
        }
        assertThat(limits.state().counters()).as("its place in flight, and the other caller's rate").isEqualTo(2);

        end(inFlight);
        for (int i = 0; i < 100; i++) {
            limits.time().pass(Duration.ofSeconds(10));
            limit.check(limits.call(APP, RESNET));
        }

        assertThat(limits.state().counters()).isEqualTo(1);
        assertThat(limits.fields(limit, PARTNER)).endsWith("\"caller\";r=59;t=1, \"caller-concurrency\";r=3");
    }

    @Test
    void everyAnswerSaysWhatIsLeft() {
        Limit limit = limits.ofCallers(Map.of("partner", rule(PER_MINUTE)));

        assertThat(limits.fields(limit, PARTNER)).isEqualTo("\"caller\";q=60;w=60 | \"caller\";r=59;t=1");
        assertThat(limits.fields(limit, PARTNER)).isEqualTo("\"caller\";q=60;w=60 | \"caller\";r=58;t=1");
        limits.time().pass(Duration.ofMillis(1_500));
        assertThat(limits.fields(limit, PARTNER)).isEqualTo("\"caller\";q=60;w=60 | \"caller\";r=58;t=1");
        limits.admitted(limit, PARTNER, 100);
        assertThat(limits.fields(limit, PARTNER)).isEqualTo("\"caller\";q=60;w=60 | \"caller\";r=0;t=1");
    }

    @Test
    void severalRatesAreAllStated() {
        Limit limit = limits.ofCallers(Map.of("partner", new LimitRule(
                List.of(PER_MINUTE, PER_SECOND, rate(3, Duration.ofHours(1), 1), perAddress(5, Duration.ofMinutes(1))),
                4)));

        assertThat(limits.fields(limit, PARTNER)).isEqualTo(
                "\"caller\";q=60;w=60, \"caller-2\";q=20;w=2, \"caller-3\";q=1;w=1200, \"caller-address\";q=5;w=60,"
                        + " \"caller-concurrency\";q=4;qu=\"concurrent-requests\""
                        + " | \"caller\";r=59;t=1, \"caller-2\";r=19;t=1, \"caller-3\";r=0;t=1200, \"caller-address\";r=4;t=12,"
                        + " \"caller-concurrency\";r=3");
    }

    @Test
    void aRefusalSaysWhichLimitAndWhenToComeBack() {
        Limit limit = limits.ofCallers(Map.of("partner", rule(PER_MINUTE, rate(1, Duration.ofSeconds(90), 1))));
        limits.admitted(limit, PARTNER, 1);
        limits.time().pass(Duration.ofMillis(10_001));

        Refusal refusal = (Refusal) limit.check(limits.call(PARTNER, RESNET));

        assertThat(refusal.code()).isEqualTo(RefusalCode.RATE_LIMITED);
        assertThat(refusal.fields()).containsExactlyEntriesOf(Map.of("retry-after", "80"));
        assertThat(refusal.members()).containsEntry("violated-policies", List.of("caller-2"));
        limits.time().passNanos(79_998_999_999L);
        assertThat(((Refusal) limit.check(limits.call(PARTNER, RESNET))).fields()).containsEntry("retry-after", "1");
        limits.time().passNanos(1);
        assertThat(limit.check(limits.call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
    }

    @Test
    void whoWaitsAsToldIsAdmitted() {
        Limit limit = limits.ofCallers(
                Map.of("partner", rule(rate(7, Duration.ofSeconds(100), 3), rate(11, Duration.ofSeconds(61), 2))));
        for (int i = 0; i < 200; i++) {
            if (limit.check(limits.call(PARTNER, RESNET)) instanceof Refusal refusal) {
                limits.time().pass(Duration
                        .ofSeconds(Long.parseLong(Objects.requireNonNull(refusal.fields().get("retry-after")))));
                assertThat(limit.check(limits.call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
            }
        }
    }

    @Test
    void aCallThatOneRateRefusesIsNotCountedByTheOthers() {
        Rate daily = rate(100, Duration.ofDays(1), 100);
        Limit limit = limits.ofCallers(Map.of("partner", rule(daily, rate(1, Duration.ofSeconds(1), 1))));
        limits.admitted(limit, PARTNER, 1_000);

        limits.time().pass(Duration.ofSeconds(1));

        assertThat(limits.fields(limit, PARTNER)).endsWith("\"caller\";r=98;t=863, \"caller-2\";r=0;t=1");
    }

    @Test
    void aRefusedCallTakesNoPlaceAndACrowdedOneNoRate() {
        Limit limit = limits.ofCallers(Map.of("partner", new LimitRule(List.of(rate(3, Duration.ofHours(1), 3)), 2)));
        Call first = limits.call(PARTNER, RESNET);
        Call second = limits.call(PARTNER, RESNET);
        assertThat(limit.check(first)).isEqualTo(Verdict.PASS);
        assertThat(limit.check(second)).isEqualTo(Verdict.PASS);

        for (int i = 0; i < 10; i++) {
            assertThat(limits.code(limit, PARTNER)).isEqualTo(RefusalCode.CONCURRENCY_LIMITED);
        }
        end(first);
        end(second);
        Call third = limits.call(PARTNER, RESNET);
        assertThat(limit.check(third)).isEqualTo(Verdict.PASS);
        end(third);
        for (int i = 0; i < 10; i++) {
            assertThat(limits.code(limit, PARTNER)).isEqualTo(RefusalCode.RATE_LIMITED);
        }
        limits.time().pass(Duration.ofHours(1));
        assertThat(limit.check(limits.call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
        assertThat(limit.check(limits.call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
        assertThat(limits.code(limit, PARTNER)).isEqualTo(RefusalCode.CONCURRENCY_LIMITED);
    }

    @Test
    void callsInFlightAreBoundedUntilTheyEnd() {
        Limit limit = limits.ofCallers(Map.of("partner", new LimitRule(List.of(), 2)));
        Call first = limits.call(PARTNER, RESNET);
        limit.check(first);
        limit.check(limits.call(PARTNER, RESNET));
        Call crowded = limits.call(PARTNER, RESNET);

        Refusal refusal = (Refusal) limit.check(crowded);

        assertThat(refusal.code()).isEqualTo(RefusalCode.CONCURRENCY_LIMITED);
        assertThat(refusal.fields()).containsEntry("retry-after", "1");
        assertThat(refusal.members()).containsEntry("violated-policies", List.of("caller-concurrency"));
        assertThat(fields(crowded)).isEqualTo(
                "\"caller-concurrency\";q=2;qu=\"concurrent-requests\" | \"caller-concurrency\";r=0");
        end(crowded);
        assertThat(limit.check(limits.call(PARTNER, RESNET))).isInstanceOf(Refusal.class);
        end(first);
        assertThat(limit.check(limits.call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
        assertThat(limit.check(limits.call(PARTNER, RESNET))).isInstanceOf(Refusal.class);
    }

    @Test
    void aCallWithoutCallerIsAnErrorAndNotAPass() {
        Limit limit = limits.ofCallers(Map.of());

        assertThatThrownBy(() -> limit.check(TestingCall.to("/").make())).isInstanceOf(NullPointerException.class);
    }
}
