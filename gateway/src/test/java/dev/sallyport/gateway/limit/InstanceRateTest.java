package dev.sallyport.gateway.limit;

import static dev.sallyport.gateway.limit.TestingSpending.APP;
import static dev.sallyport.gateway.limit.TestingSpending.DAY;
import static dev.sallyport.gateway.limit.TestingSpending.PARTNER;
import static dev.sallyport.gateway.limit.TestingSpending.end;
import static dev.sallyport.gateway.limit.TestingSpending.passes;
import static dev.sallyport.gateway.limit.TestingSpending.quota;
import static dev.sallyport.gateway.limit.TestingSpending.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Measure;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rates that count what calls carry: ten calls with a hundred pictures each are a thousand. */
final class InstanceRateTest {
    private final TestingSpending spending = new TestingSpending();

    @Test
    void countsInstancesAndNotCalls() {
        Charge charge = spending.charge(LimitRules.of(Map.of("partner", rule(perMinute(100))), Map.of()));

        assertThat(charge.body(carrying(PARTNER, 1))).isInstanceOf(BodyNeed.Whole.class);
        assertThat(passes(charge, carrying(PARTNER, 60))).isTrue();
        assertThat(passes(charge, carrying(PARTNER, 40))).isTrue();
        Refusal refusal = refusal(charge, carrying(PARTNER, 5));
        assertThat(refusal.code()).isEqualTo(RefusalCode.RATE_LIMITED);
        assertThat(refusal.members()).containsEntry("violated-policies", List.of("caller-instances"));
        assertThat(refusal.fields()).containsEntry("retry-after", "3");
        assertThat(passes(charge, carrying(APP, 500))).isTrue();
        spending.time().pass(Duration.ofSeconds(3));
        assertThat(passes(charge, carrying(PARTNER, 5))).isTrue();
        assertThat(passes(charge, carrying(PARTNER, 1))).isFalse();
    }

    @Test
    void moreThanMayEverComeAtOnceIsTooManyAndNotTooSoon() {
        Charge charge = spending.charge(LimitRules.of(Map.of("partner", rule(perMinute(100))), Map.of()));

        Refusal refusal = refusal(charge, carrying(PARTNER, 101));

        assertThat(refusal.code()).isEqualTo(RefusalCode.TOO_MANY_INSTANCES);
        assertThat(refusal.fields()).isEmpty();
        assertThat(refusal(charge, carrying(PARTNER, Long.MAX_VALUE)).code())
                .isEqualTo(RefusalCode.TOO_MANY_INSTANCES);
    }

    /** Each call is refused by the quota behind the rate, again and again. */
    @Test
    void whatIsRefusedLaterOrNotSentIsGivenBack() {
        LimitRules rules = LimitRules.of(Map.of("partner", new LimitRule(List.of(), 0, List.of(quota(1, DAY)))),
                Map.of("resnet@2", rule(perMinute(10))));
        Charge charge = spending.charge(rules);
        assertThat(passes(charge, spending.sent(carrying(PARTNER, 1)))).isTrue();
        for (int i = 0; i < 50; i++) {
            Call refused = carrying(PARTNER, 9);
            assertThat(refusal(charge, refused).code()).isEqualTo(RefusalCode.QUOTA_EXHAUSTED);
            end(refused);
        }
        assertThat(passes(charge, carrying(APP, 9))).isTrue();
        assertThat(passes(charge, carrying(APP, 1))).isFalse();
    }

    @Test
    void ratesOfCallsAndOfInstancesWithOnePeriodDoNotMix() {
        LimitRules rules = LimitRules.of(Map.of("partner", rule(
                new Rate(2, Duration.ofMinutes(1).toNanos(), 2, Rate.Scope.WHOLE), perMinute(100))), Map.of());
        TestingLimits limits = new TestingLimits();
        Limit limit = new Limit(rules, ZoneOffset.UTC, limits.state());
        Charge charge = new Charge(limit, Map.of("resnet@2", new ChargeRule(List.of(), 0, 100, 0)),
                spending.accounts());
        Call call = carrying(PARTNER, 100);

        limit.check(call);

        assertThat(passes(charge, call)).isTrue();
        assertThat(TestingLimits.fields(call)).isEqualTo("\"caller\";q=2;w=60 | \"caller\";r=1;t=30");
    }

    private Call carrying(Caller caller, long instances) {
        return spending.carrying(caller, new Measure(instances, 0, 10));
    }

    private static LimitRule rule(Rate... rates) {
        return new LimitRule(List.of(rates), 0);
    }

    private static Rate perMinute(int instances) {
        return new Rate(instances, Duration.ofMinutes(1).toNanos(), instances, Rate.Scope.WHOLE, true);
    }
}
