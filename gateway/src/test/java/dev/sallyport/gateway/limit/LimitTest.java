package dev.sallyport.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.testing.ManualTime;
import dev.sallyport.gateway.testing.TestingCall;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a caller and a model are promised of their limits. */
final class LimitTest {
    private static final Caller PARTNER = Caller.bearer("partner", Caller.Cohort.PARTNER);
    private static final Caller APP = Caller.bearer("app", Caller.Cohort.PUBLIC);
    private static final Resource RESNET = Resource.model("resnet", "2", null, Map.of());
    private static final Resource OCR = Resource.model("ocr", "", null, Map.of());
    private static final Rate PER_MINUTE = rate(60, Duration.ofMinutes(1), 60);
    private static final Rate PER_SECOND = rate(10, Duration.ofSeconds(1), 20);

    private final ManualTime time = new ManualTime();
    private final LimitState state = new LimitState(time, 1_000);

    @Test
    void admitsTheBurstAtOnceAndThenTheSteadyRate() {
        Limit limit = ofCallers(Map.of("partner", rule(PER_MINUTE)));

        assertThat(admitted(limit, PARTNER, 100)).isEqualTo(60);
        time.pass(Duration.ofMillis(999));
        assertThat(admitted(limit, PARTNER, 10)).isZero();
        time.pass(Duration.ofMillis(1));
        assertThat(admitted(limit, PARTNER, 10)).isEqualTo(1);
        time.pass(Duration.ofSeconds(30));
        assertThat(admitted(limit, PARTNER, 100)).isEqualTo(30);
        time.pass(Duration.ofDays(400));
        assertThat(admitted(limit, PARTNER, 100)).isEqualTo(60);
    }

    @Test
    void aBurstOfOneSpacesTheCallsEvenly() {
        Limit limit = ofCallers(Map.of("partner", rule(rate(4, Duration.ofSeconds(1), 1))));

        for (int i = 0; i < 8; i++) {
            assertThat(admitted(limit, PARTNER, 3)).isEqualTo(1);
            time.pass(Duration.ofMillis(250));
        }
    }

    /** A seventh of a second is 142,857,142 6/7 ns: one more rather than one less, so that no second holds eight. */
    @Test
    void aTimeThatIsNotWholeIsRoundedAgainstTheCaller() {
        Limit limit = ofCallers(Map.of("partner", rule(rate(7, Duration.ofSeconds(1), 1))));
        assertThat(admitted(limit, PARTNER, 2)).isEqualTo(1);

        time.passNanos(142_857_142);
        assertThat(admitted(limit, PARTNER, 1)).isZero();
        time.passNanos(1);
        assertThat(admitted(limit, PARTNER, 1)).isEqualTo(1);
    }

    @Test
    void eachCallerHasItsOwnCounter() {
        Limit limit = ofCallers(Map.of("partner", rule(PER_MINUTE), "app", rule(PER_MINUTE)));
        assertThat(admitted(limit, PARTNER, 100)).isEqualTo(60);

        assertThat(admitted(limit, APP, 100)).isEqualTo(60);
    }

    @Test
    void whoHasNoRuleIsNotLimitedAndToldNothing() {
        Limit limit = ofCallers(Map.of("partner", rule(PER_MINUTE), "app", LimitRule.NONE));

        Call call = call(APP, RESNET);

        assertThat(limit.check(call)).isEqualTo(Verdict.PASS);
        assertThat(call.answerFields()).isNull();
        assertThat(admitted(limit, Caller.anonymous("public"), 1_000)).isEqualTo(1_000);
        assertThat(state.counters()).isZero();
    }

    @Test
    void callersThatDoNotCallCostNothing() {
        Map<String, LimitRule> rules = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            rules.put("caller-" + i, new LimitRule(List.of(PER_MINUTE, PER_SECOND), 4));
        }
        Limit limit = ofCallers(rules);
        assertThat(state.counters()).isZero();

        limit.check(call(Caller.bearer("caller-7", Caller.Cohort.PARTNER), RESNET));

        assertThat(state.counters()).isEqualTo(3);
    }

    /** Its counters are dropped when it has not called for long, and nobody could tell. */
    @Test
    void aCallerThatStopsCallingCostsNothingAgain() {
        Limit limit = ofCallers(Map.of("partner", new LimitRule(List.of(PER_MINUTE), 4), "app", rule(PER_SECOND)));
        Call inFlight = call(PARTNER, RESNET);
        limit.check(inFlight);
        for (int i = 0; i < 100; i++) {
            time.pass(Duration.ofSeconds(10));
            limit.check(call(APP, RESNET));
        }
        assertThat(state.counters()).as("its place in flight, and the other caller's rate").isEqualTo(2);

        end(inFlight);
        for (int i = 0; i < 100; i++) {
            time.pass(Duration.ofSeconds(10));
            limit.check(call(APP, RESNET));
        }

        assertThat(state.counters()).isEqualTo(1);
        assertThat(fields(limit, PARTNER)).endsWith("\"caller\";r=59;t=1, \"caller-concurrency\";r=3");
    }

    @Test
    void everyAnswerSaysWhatIsLeft() {
        Limit limit = ofCallers(Map.of("partner", rule(PER_MINUTE)));

        assertThat(fields(limit, PARTNER)).isEqualTo("\"caller\";q=60;w=60 | \"caller\";r=59;t=1");
        assertThat(fields(limit, PARTNER)).isEqualTo("\"caller\";q=60;w=60 | \"caller\";r=58;t=1");
        time.pass(Duration.ofMillis(1_500));
        assertThat(fields(limit, PARTNER)).isEqualTo("\"caller\";q=60;w=60 | \"caller\";r=58;t=1");
        admitted(limit, PARTNER, 100);
        assertThat(fields(limit, PARTNER)).isEqualTo("\"caller\";q=60;w=60 | \"caller\";r=0;t=1");
    }

    @Test
    void severalRatesAreAllStated() {
        Limit limit = ofCallers(Map.of("partner", new LimitRule(
                List.of(PER_MINUTE, PER_SECOND, rate(3, Duration.ofHours(1), 1), perAddress(5, Duration.ofMinutes(1))),
                4)));

        assertThat(fields(limit, PARTNER)).isEqualTo(
                "\"caller\";q=60;w=60, \"caller-2\";q=20;w=2, \"caller-3\";q=1;w=1200, \"caller-address\";q=5;w=60,"
                        + " \"caller-concurrency\";q=4;qu=\"concurrent-requests\""
                        + " | \"caller\";r=59;t=1, \"caller-2\";r=19;t=1, \"caller-3\";r=0;t=1200, \"caller-address\";r=4;t=12,"
                        + " \"caller-concurrency\";r=3");
    }

    @Test
    void aRefusalSaysWhichLimitAndWhenToComeBack() {
        Limit limit = ofCallers(Map.of("partner", rule(PER_MINUTE, rate(1, Duration.ofSeconds(90), 1))));
        admitted(limit, PARTNER, 1);
        time.pass(Duration.ofMillis(10_001));

        Refusal refusal = (Refusal) limit.check(call(PARTNER, RESNET));

        assertThat(refusal.code()).isEqualTo(RefusalCode.RATE_LIMITED);
        assertThat(refusal.fields()).containsExactlyEntriesOf(Map.of("retry-after", "80"));
        assertThat(refusal.members()).containsEntry("violated-policies", List.of("caller-2"));
        time.passNanos(79_998_999_999L);
        assertThat(((Refusal) limit.check(call(PARTNER, RESNET))).fields()).containsEntry("retry-after", "1");
        time.passNanos(1);
        assertThat(limit.check(call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
    }

    @Test
    void whoWaitsAsToldIsAdmitted() {
        Limit limit = ofCallers(
                Map.of("partner", rule(rate(7, Duration.ofSeconds(100), 3), rate(11, Duration.ofSeconds(61), 2))));
        for (int i = 0; i < 200; i++) {
            if (limit.check(call(PARTNER, RESNET)) instanceof Refusal refusal) {
                time.pass(Duration
                        .ofSeconds(Long.parseLong(Objects.requireNonNull(refusal.fields().get("retry-after")))));
                assertThat(limit.check(call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
            }
        }
    }

    @Test
    void aCallThatOneRateRefusesIsNotCountedByTheOthers() {
        Rate daily = rate(100, Duration.ofDays(1), 100);
        Limit limit = ofCallers(Map.of("partner", rule(daily, rate(1, Duration.ofSeconds(1), 1))));
        admitted(limit, PARTNER, 1_000);

        time.pass(Duration.ofSeconds(1));

        assertThat(fields(limit, PARTNER)).endsWith("\"caller\";r=98;t=863, \"caller-2\";r=0;t=1");
    }

    @Test
    void aRefusedCallTakesNoPlaceAndACrowdedOneNoRate() {
        Limit limit = ofCallers(Map.of("partner", new LimitRule(List.of(rate(3, Duration.ofHours(1), 3)), 2)));
        Call first = call(PARTNER, RESNET);
        Call second = call(PARTNER, RESNET);
        assertThat(limit.check(first)).isEqualTo(Verdict.PASS);
        assertThat(limit.check(second)).isEqualTo(Verdict.PASS);

        for (int i = 0; i < 10; i++) {
            assertThat(code(limit, PARTNER)).isEqualTo(RefusalCode.CONCURRENCY_LIMITED);
        }
        end(first);
        end(second);
        Call third = call(PARTNER, RESNET);
        assertThat(limit.check(third)).isEqualTo(Verdict.PASS);
        end(third);
        for (int i = 0; i < 10; i++) {
            assertThat(code(limit, PARTNER)).isEqualTo(RefusalCode.RATE_LIMITED);
        }
        time.pass(Duration.ofHours(1));
        assertThat(limit.check(call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
        assertThat(limit.check(call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
        assertThat(code(limit, PARTNER)).isEqualTo(RefusalCode.CONCURRENCY_LIMITED);
    }

    @Test
    void callsInFlightAreBoundedUntilTheyEnd() {
        Limit limit = ofCallers(Map.of("partner", new LimitRule(List.of(), 2)));
        Call first = call(PARTNER, RESNET);
        limit.check(first);
        limit.check(call(PARTNER, RESNET));
        Call crowded = call(PARTNER, RESNET);

        Refusal refusal = (Refusal) limit.check(crowded);

        assertThat(refusal.code()).isEqualTo(RefusalCode.CONCURRENCY_LIMITED);
        assertThat(refusal.fields()).containsEntry("retry-after", "1");
        assertThat(refusal.members()).containsEntry("violated-policies", List.of("caller-concurrency"));
        assertThat(fields(crowded)).isEqualTo(
                "\"caller-concurrency\";q=2;qu=\"concurrent-requests\" | \"caller-concurrency\";r=0");
        end(crowded);
        assertThat(limit.check(call(PARTNER, RESNET))).isInstanceOf(Refusal.class);
        end(first);
        assertThat(limit.check(call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
        assertThat(limit.check(call(PARTNER, RESNET))).isInstanceOf(Refusal.class);
    }

    @Test
    void aModelIsLimitedForAllCallersTogether() {
        Control models = ofModels(Map.of("resnet@2", rule(rate(3, Duration.ofMinutes(1), 3)))).ofModels();

        assertThat(models.check(call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
        assertThat(models.check(call(APP, RESNET))).isEqualTo(Verdict.PASS);
        assertThat(models.check(call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);

        assertThat(((Refusal) models.check(call(APP, RESNET))).members()).containsEntry("violated-policies",
                List.of("model"));
        assertThat(models.check(call(APP, OCR))).isEqualTo(Verdict.PASS);
    }

    @Test
    void theLimitsOfAModelAreNotLookedAtBeforeAuthorization() {
        Limit limit = ofModels(Map.of("resnet@2", new LimitRule(List.of(rate(1, Duration.ofMinutes(1), 1)), 1)));
        for (int i = 0; i < 10; i++) {
            Call call = call(PARTNER, RESNET);
            assertThat(limit.check(call)).isEqualTo(Verdict.PASS);
            assertThat(call.answerFields()).isNull();
        }

        assertThat(limit.ofModels().check(call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
    }

    @Test
    void aCallThatTheModelRefusesIsNotCountedAgainstItsCaller() {
        Limit limit = new Limit(Map.of("partner", rule(rate(100, Duration.ofDays(1), 100))),
                Map.of("resnet@2", rule(rate(1, Duration.ofMinutes(1), 1))), state);
        for (int i = 0; i < 1_000; i++) {
            Call call = call(PARTNER, RESNET);
            assertThat(limit.check(call)).isEqualTo(Verdict.PASS);
            limit.ofModels().check(call);
        }

        assertThat(fields(limit, PARTNER)).endsWith("\"caller\";r=98;t=864");
    }

    @Test
    void callerAndModelStateTheirLimitsSideBySide() {
        Limit limit = new Limit(Map.of("partner", rule(PER_MINUTE)), Map.of("resnet@2", rule(PER_SECOND)), state);
        Call call = call(PARTNER, RESNET);
        limit.check(call);
        limit.ofModels().check(call);

        Headers fields = Objects.requireNonNull(call.answerFields());

        assertThat(fields.all("ratelimit-policy")).containsExactly("\"caller\";q=60;w=60", "\"model\";q=20;w=2");
        assertThat(fields.all("ratelimit")).containsExactly("\"caller\";r=59;t=1", "\"model\";r=19;t=1");
    }

    @Test
    void countersSurviveAReload() {
        Map<String, LimitRule> rules = Map.of("partner", new LimitRule(List.of(PER_MINUTE), 2));
        Limit before = ofCallers(rules);
        Call inFlight = call(PARTNER, RESNET);
        before.check(inFlight);

        Limit after = ofCallers(Map.copyOf(rules));

        assertThat(fields(after, PARTNER)).endsWith("\"caller\";r=58;t=1, \"caller-concurrency\";r=0");
        assertThat(code(after, PARTNER)).isEqualTo(RefusalCode.CONCURRENCY_LIMITED);
        end(inFlight);
        assertThat(after.check(call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
    }

    /** Half a minute is used before, so half a minute is used after, whatever a minute then holds. */
    @Test
    void aChangedRateKeepsTheShareThatIsUsed() {
        admitted(ofCallers(Map.of("partner", rule(PER_MINUTE))), PARTNER, 30);

        assertThat(admitted(ofCallers(Map.of("partner", rule(rate(120, Duration.ofMinutes(1), 120)))), PARTNER, 1_000))
                .isEqualTo(60);
        assertThat(admitted(ofCallers(Map.of("partner", rule(rate(6, Duration.ofMinutes(1), 6)))), PARTNER, 1_000))
                .isZero();
        time.pass(Duration.ofSeconds(30));
        assertThat(admitted(ofCallers(Map.of("partner", rule(rate(6, Duration.ofMinutes(1), 6)))), PARTNER, 1_000))
                .isEqualTo(3);
    }

    @Test
    void aShrunkBurstMakesTheCallerWaitAndNotStarve() {
        admitted(ofCallers(Map.of("partner", rule(rate(10, Duration.ofSeconds(1), 600)))), PARTNER, 600);
        Limit shrunk = ofCallers(Map.of("partner", rule(rate(10, Duration.ofSeconds(1), 1))));

        assertThat(((Refusal) shrunk.check(call(PARTNER, RESNET))).fields()).containsEntry("retry-after", "60");
        time.pass(Duration.ofSeconds(60));
        assertThat(shrunk.check(call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
    }

    @Test
    void placesAreFewerAfterAReloadThatSaysSo() {
        Limit wide = ofCallers(Map.of("partner", new LimitRule(List.of(), 3)));
        Call first = call(PARTNER, RESNET);
        wide.check(first);
        wide.check(call(PARTNER, RESNET));
        Limit narrow = ofCallers(Map.of("partner", new LimitRule(List.of(), 1)));

        assertThat(narrow.check(call(PARTNER, RESNET))).isInstanceOf(Refusal.class);
        end(first);
        assertThat(narrow.check(call(PARTNER, RESNET))).isInstanceOf(Refusal.class);
    }

    @Test
    void aCallWithoutCallerIsAnErrorAndNotAPass() {
        Limit limit = ofCallers(Map.of());

        assertThatThrownBy(() -> limit.check(TestingCall.to("/").make())).isInstanceOf(NullPointerException.class);
    }

    private Limit ofCallers(Map<String, LimitRule> rules) {
        return new Limit(rules, Map.of(), state);
    }

    private Limit ofModels(Map<String, LimitRule> rules) {
        return new Limit(Map.of(), rules, state);
    }

    private Call call(Caller caller, Resource resource) {
        return TestingCall.of(caller, resource).make(time);
    }

    private int admitted(Control limit, Caller caller, int calls) {
        int admitted = 0;
        for (int i = 0; i < calls; i++) {
            admitted += limit.check(call(caller, RESNET)) instanceof Verdict.Pass ? 1 : 0;
        }
        return admitted;
    }

    private RefusalCode code(Control limit, Caller caller) {
        return ((Refusal) limit.check(call(caller, RESNET))).code();
    }

    private String fields(Control limit, Caller caller) {
        Call call = call(caller, RESNET);
        limit.check(call);
        return fields(call);
    }

    private static String fields(Call call) {
        Headers fields = Objects.requireNonNull(call.answerFields());
        return fields.first("ratelimit-policy") + " | " + fields.first("ratelimit");
    }

    private static void end(Call call) {
        call.takeSettlements().forEach(Runnable::run);
    }

    static LimitRule rule(Rate... rates) {
        return new LimitRule(List.of(rates), 0);
    }

    static Rate rate(int count, Duration period, int burst) {
        return new Rate(count, period.toNanos(), burst, Rate.Scope.WHOLE);
    }

    static Rate perAddress(int count, Duration period) {
        return new Rate(count, period.toNanos(), count, Rate.Scope.ADDRESS);
    }
}
