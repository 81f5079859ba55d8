package dev.sallyport.gateway.limit;

import static dev.sallyport.gateway.limit.TestingSpending.APP;
import static dev.sallyport.gateway.limit.TestingSpending.DAY;
import static dev.sallyport.gateway.limit.TestingSpending.HOUR;
import static dev.sallyport.gateway.limit.TestingSpending.PARTNER;
import static dev.sallyport.gateway.limit.TestingSpending.budget;
import static dev.sallyport.gateway.limit.TestingSpending.end;
import static dev.sallyport.gateway.limit.TestingSpending.ofPartner;
import static dev.sallyport.gateway.limit.TestingSpending.passes;
import static dev.sallyport.gateway.limit.TestingSpending.per;
import static dev.sallyport.gateway.limit.TestingSpending.perCall;
import static dev.sallyport.gateway.limit.TestingSpending.quota;
import static dev.sallyport.gateway.limit.TestingSpending.refusal;
import static dev.sallyport.gateway.limit.TestingSpending.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Measure;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.testing.TestingCall;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is promised of quotas and budgets: what calls reserve, and what they are charged. */
final class ChargeTest {
    private final TestingSpending spending = new TestingSpending();

    @Test
    void refusesWhatTheBudgetDoesNotCover() {
        Charge charge = spending.charge(ofPartner(budget("0.007", DAY)), perCall("0.002"));

        assertThat(spending.passing(charge, PARTNER, 10)).isEqualTo(3);
        assertThat(spending.passing(charge, APP, 10)).as("has no budget").isEqualTo(10);
    }

    @Test
    void aRefusalSaysWhoseBudgetAndWhenThereIsMore() {
        Charge charge = spending.charge(ofPartner(budget("0.002", DAY)), perCall("0.002"));
        spending.passing(charge, PARTNER, 1);

        Refusal refusal = refusal(charge, spending.call(PARTNER));

        long untilMidnight = 86_400_000 - spending.time().epochMillis() % 86_400_000;
        assertThat(refusal.code()).isEqualTo(RefusalCode.BUDGET_EXHAUSTED);
        assertThat(refusal.members()).containsEntry("violated-policies", List.of("caller-budget"));
        assertThat(refusal.fields()).containsEntry("retry-after", Long.toString(Math.ceilDiv(untilMidnight, 1_000)));
        assertThat(refusal.detail()).startsWith("The budget of the caller per day");
        spending.time().pass(Duration.ofMillis(untilMidnight));
        assertThat(spending.passing(charge, PARTNER, 10)).isEqualTo(1);
    }

    @Test
    void aCallThatCostsMoreThanTheWholeBudgetIsNotToldToWait() {
        Charge charge = spending.charge(ofPartner(budget("0.001", DAY)), perCall("0.002"));

        assertThat(refusal(charge, spending.call(PARTNER)).fields()).isEmpty();
    }

    @Test
    void aQuotaCountsCallsThatCostNothing() {
        Charge charge = spending.charge(ofPartner(quota(3, HOUR)));

        assertThat(spending.passing(charge, PARTNER, 10)).isEqualTo(3);
        assertThat(refusal(charge, spending.call(PARTNER)).code()).isEqualTo(RefusalCode.QUOTA_EXHAUSTED);
    }

    @Test
    void theNarrowestThatRefusesIsNamedAndNobodyElseIsCharged() {
        LimitRules rules = new LimitRules(
                Map.of("partner", rule(quota(4, DAY))),
                Map.of("partner", Map.of("resnet", rule(quota(2, DAY), budget("1", HOUR)))),
                Map.of("resnet@2", rule(quota(5, DAY))),
                Map.of("acme", rule(quota(7, DAY))),
                rule(quota(9, DAY)));
        Charge charge = spending.charge(rules, perCall("0.1"));

        assertThat(spending.passing(charge, PARTNER, 2)).isEqualTo(2);
        assertThat(violated(charge, PARTNER)).isEqualTo("caller-model-quota");
        assertThat(spending.passing(charge, APP, 10)).isEqualTo(3);
        assertThat(violated(charge, APP)).isEqualTo("model-quota");
        assertThat(spending.used(Owner.CALLER, "partner", Unit.CALLS, DAY)).isEqualTo(2);
        assertThat(spending.used(Owner.MODEL, "resnet", Unit.CALLS, DAY)).isEqualTo(5);
        assertThat(spending.used(Owner.TENANT, "acme", Unit.CALLS, DAY)).isEqualTo(5);
        assertThat(spending.used(Owner.GATEWAY, "", Unit.CALLS, DAY)).isEqualTo(5);
    }

    @Test
    void tenantAndGatewayAreCountedOverAllTheirCallers() {
        Charge tenant = spending.charge(new LimitRules(Map.of(), Map.of(), Map.of(),
                Map.of("acme", rule(quota(3, DAY))), LimitRule.NONE));
        Charge gateway = spending.charge(new LimitRules(Map.of(), Map.of(), Map.of(), Map.of(), rule(quota(4, HOUR))));
        Caller other = Caller.bearer("other", "initech", Caller.Cohort.PUBLIC);

        assertThat(spending.passing(tenant, PARTNER, 2) + spending.passing(tenant, APP, 5)).isEqualTo(3);
        assertThat(violated(tenant, APP)).isEqualTo("tenant-quota");
        assertThat(spending.passing(tenant, other, 5)).isEqualTo(5);
        assertThat(spending.passing(gateway, PARTNER, 2) + spending.passing(gateway, other, 5)).isEqualTo(4);
        assertThat(violated(gateway, PARTNER)).isEqualTo("gateway-quota");
    }

    @Test
    void allVersionsOfAModelShareItsBudget() {
        Resource first = Resource.model("resnet", "1", null, Map.of());
        LimitRule daily = rule(quota(3, DAY));
        Limit limit = new Limit(LimitRules.of(Map.of(), Map.of("resnet@1", daily, "resnet@2", daily)),
                ZoneOffset.UTC, new LimitState(spending.time(), 1));
        ChargeRule free = new ChargeRule(List.of(), 0, 0, 0);
        Charge charge = new Charge(limit, Map.of("resnet@1", free, "resnet@2", free), spending.accounts());

        assertThat(spending.passing(charge, PARTNER, 2)).isEqualTo(2);
        assertThat(passes(charge, TestingCall.of(PARTNER, first).contentLength(0).make(spending.time()))).isTrue();
        assertThat(passes(charge, TestingCall.of(PARTNER, first).contentLength(0).make(spending.time()))).isFalse();
    }

    @Test
    void chargesWhatTheRequestCarries() {
        Charge charge = spending.charge(
                ofPartner(budget("5", DAY), new Allowance(Unit.INSTANCES, 100, DAY), quota(9, DAY)),
                per(Price.Per.INSTANCE, "0.01"), per(Price.Per.MEGAPIXEL, "0.1"), per(Price.Per.KIB, "0.001"));
        Call call = spending.carrying(PARTNER, new Measure(20, 3_000_000, 2_048));

        assertThat(charge.body(call)).isEqualTo(new BodyNeed.Whole(1_000_000));
        assertThat(passes(charge, call)).isTrue();
        end(spending.answered(charge, call, 200));

        assertThat(spending.partnersDay()).isEqualTo(502_000);
        assertThat(spending.used(Owner.CALLER, "partner", Unit.INSTANCES, DAY)).isEqualTo(20);
        assertThat(spending.used(Owner.CALLER, "partner", Unit.CALLS, DAY)).isEqualTo(1);
        assertThat(passes(charge, spending.carrying(PARTNER, new Measure(81, 0, 1)))).isFalse();
    }

    /** Ten calls with a hundred rows each copy a model as well as a thousand calls do. */
    @Test
    void refusesMoreInstancesThanOneCallMayCarryBeforeAnythingIsReserved() {
        Charge charge = spending.charge(ofPartner(quota(9, DAY)), 50);

        Refusal refusal = refusal(charge, spending.carrying(PARTNER, new Measure(51, 0, 10)));

        assertThat(refusal.code()).isEqualTo(RefusalCode.TOO_MANY_INSTANCES);
        assertThat(refusal.members()).containsEntry("limit", 50L);
        assertThat(spending.accounts().size()).isZero();
        assertThat(passes(charge, spending.carrying(PARTNER, new Measure(50, 0, 10)))).isTrue();
    }

    @Test
    void asksForTheBodyOnlyWhenItsHeadDoesNotTellThePrice() {
        Charge charge = spending.charge(ofPartner(budget("5", DAY)), per(Price.Per.KIB, "0.001"));

        Call known = TestingCall.of(PARTNER, TestingSpending.RESNET).contentLength(10_240).make(spending.time());
        assertThat(charge.body(known)).isEqualTo(BodyNeed.NOTHING);
        assertThat(charge.check(known)).isEqualTo(Verdict.PASS);
        assertThat(spending.partnersDay()).isEqualTo(10_000);
        assertThat(charge.body(TestingCall.of(PARTNER, TestingSpending.RESNET)
                .contentLength(RequestHead.UNKNOWN_LENGTH).make())).isInstanceOf(BodyNeed.Whole.class);
        assertThat(charge.body(TestingCall.of(PARTNER, TestingSpending.RESNET).contentLength(99)
                .header("content-encoding", "gzip").make())).isInstanceOf(BodyNeed.Whole.class);
        assertThat(spending.charge(ofPartner(budget("5", DAY)), perCall("1"))
                .body(TestingCall.of(PARTNER, TestingSpending.RESNET).make())).isEqualTo(BodyNeed.NOTHING);
    }

    @Test
    void aCallThatWasNotSentCostsNothing() {
        Charge charge = spending.charge(ofPartner(budget("1", DAY), quota(1, DAY)), perCall("1"));
        for (int i = 0; i < 5; i++) {
            Call refusedLater = spending.call(PARTNER);
            assertThat(passes(charge, refusedLater)).isTrue();
            end(refusedLater);
            Call notConnected = spending.call(PARTNER);
            assertThat(passes(charge, notConnected)).isTrue();
            notConnected.attempted("127.0.0.1:80");
            notConnected.timeline().mark(Phase.CONNECT, 1);
            end(notConnected);
        }

        assertThat(spending.partnersDay()).isZero();
        assertThat(spending.used(Owner.CALLER, "partner", Unit.CALLS, DAY)).isZero();
    }

    @Test
    void aCallThatWasSentAndNotAnsweredCostsWhatWasReserved() {
        Charge charge = spending.charge(ofPartner(budget("10", DAY)), perCall("1"));
        Call call = spending.call(PARTNER);
        passes(charge, call);

        end(spending.sent(call));

        assertThat(spending.partnersDay()).isEqualTo(1_000_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void anAnswerThatSaysThatNothingWasDoneCostsNothing(int status) {
        assertThat(charged(status)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 304, 400, 422, 500, 504, 101})
    void everyOtherAnswerCosts(int status) {
        assertThat(charged(status)).isEqualTo(1_000_000);
    }

    @Test
    void settlesOnceHoweverOftenItIsAsked() {
        Charge charge = spending.charge(ofPartner(budget("10", DAY)), perCall("1"));
        Call call = spending.call(PARTNER);
        passes(charge, call);
        Runnable held = (Runnable) Objects.requireNonNull(call.reservation());

        held.run();
        passes(charge, spending.call(PARTNER));
        held.run();
        held.run();

        assertThat(spending.partnersDay()).isEqualTo(1_000_000);
    }

    @Test
    void aCallIsChargedToTheWindowInWhichItWasReserved() {
        Charge charge = spending.charge(ofPartner(budget("2", DAY)), perCall("1"));
        Call late = spending.call(PARTNER);
        passes(charge, late);
        spending.time().pass(Duration.ofDays(1));
        assertThat(spending.passing(charge, PARTNER, 5)).isEqualTo(2);

        end(late);

        assertThat(spending.partnersDay()).isEqualTo(2_000_000);
    }

    @Test
    void aReloadThatChangesTheAmountForgetsNothing() {
        assertThat(spending.passing(spending.charge(ofPartner(budget("5", DAY)), perCall("1")), PARTNER, 4))
                .isEqualTo(4);

        assertThat(spending.passing(spending.charge(ofPartner(budget("3", DAY)), perCall("1")), PARTNER, 9)).isZero();
        assertThat(spending.passing(spending.charge(ofPartner(budget("7", DAY)), perCall("1")), PARTNER, 9))
                .isEqualTo(3);
        assertThat(spending.passing(spending.charge(ofPartner(), perCall("1")), PARTNER, 9)).isEqualTo(9);
        assertThat(spending.passing(spending.charge(ofPartner(budget("8", DAY)), perCall("1")), PARTNER, 9))
                .isEqualTo(1);
    }

    @Test
    void aMillionCallersThatDoNotCallCostNothing() {
        Map<String, LimitRule> callers = new HashMap<>();
        LimitRule shared = rule(budget("5", DAY), quota(100, HOUR));
        for (int i = 0; i < 1_000_000; i++) {
            callers.put("caller-" + i, shared);
        }
        Charge charge = spending.charge(LimitRules.of(callers, Map.of()), perCall("0.002"));
        assertThat(spending.accounts().size()).isZero();

        spending.passing(charge, Caller.bearer("caller-7", Caller.Cohort.PARTNER), 3);
        assertThat(spending.accounts().size()).isEqualTo(2);
        for (int i = 0; i < 10; i++) {
            spending.time().pass(Duration.ofDays(2));
            spending.passing(charge, Caller.bearer("caller-8", Caller.Cohort.PARTNER), 1);
        }

        assertThat(spending.accounts().size()).as("those of caller 7 have passed").isEqualTo(2);
    }

    @Test
    void aModelWithoutARuleIsAnErrorAndNotFree() {
        Charge charge = new Charge(new Limit(Map.of(), Map.of(), new LimitState(spending.time(), 1)), Map.of(),
                spending.accounts());

        assertThatThrownBy(() -> charge.check(spending.call(PARTNER))).isInstanceOf(NullPointerException.class);
    }

    private long charged(int status) {
        Charge charge = spending.charge(ofPartner(budget("10", DAY)), perCall("1"));
        Call call = spending.call(PARTNER);
        passes(charge, call);
        end(spending.answered(charge, call, status));
        return spending.partnersDay();
    }

    private String violated(Charge charge, Caller caller) {
        return ((List<?>) Objects.requireNonNull(
                refusal(charge, spending.call(caller)).members().get("violated-policies"))).getFirst().toString();
    }
}
