package dev.sallyport.gateway.limit;

import static dev.sallyport.gateway.limit.TestingLimits.OCR;
import static dev.sallyport.gateway.limit.TestingLimits.RESNET;
import static dev.sallyport.gateway.limit.TestingLimits.end;
import static dev.sallyport.gateway.limit.TestingLimits.rate;
import static dev.sallyport.gateway.limit.TestingLimits.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Rates and calls in flight of a caller on a model, of a tenant and of the gateway. */
final class LimitScopesTest {
    private static final Caller ANN = Caller.bearer("ann", "acme", Caller.Cohort.PARTNER);
    private static final Caller BOB = Caller.bearer("bob", "acme", Caller.Cohort.PARTNER);
    private static final Caller EVE = Caller.bearer("eve", "initech", Caller.Cohort.PARTNER);

    private final TestingLimits limits = new TestingLimits();

    @Test
    void aCallerOnAModelIsLimitedThereAndNotElsewhere() {
        Limit limit = limit(Map.of(), Map.of("ann", Map.of("resnet", perDay(2))), Map.of(), LimitRule.NONE);

        assertThat(admitted(limit, ANN, RESNET, 5)).isEqualTo(2);
        assertThat(violated(limit, ANN)).isEqualTo("caller-model");
        assertThat(admitted(limit, ANN, OCR, 5)).isEqualTo(5);
        assertThat(admitted(limit, BOB, RESNET, 5)).isEqualTo(5);
    }

    @Test
    void aTenantIsLimitedOverAllItsCallers() {
        Limit limit = limit(Map.of(), Map.of(), Map.of("acme", perDay(3)), LimitRule.NONE);

        assertThat(admitted(limit, ANN, RESNET, 2) + admitted(limit, BOB, OCR, 5)).isEqualTo(3);
        assertThat(violated(limit, BOB)).isEqualTo("tenant");
        assertThat(admitted(limit, EVE, RESNET, 5)).isEqualTo(5);
    }

    @Test
    void theGatewayIsLimitedOverAll() {
        Limit limit = limit(Map.of(), Map.of(), Map.of(), new LimitRule(List.of(), 2));
        Call first = call(ANN, RESNET);
        assertThat(passes(limit, first)).isTrue();
        assertThat(passes(limit, call(EVE, OCR))).isTrue();

        assertThat(refusal(limit, BOB).code()).isEqualTo(RefusalCode.CONCURRENCY_LIMITED);
        end(first);
        assertThat(passes(limit, call(BOB, RESNET))).isTrue();
    }

    @Test
    void theNarrowestThatRefusesIsNamedAndWhatPassedBeforeIsGivenBack() {
        Limit limit = limit(Map.of("ann", perDay(10)), Map.of("ann", Map.of("resnet", perDay(8))),
                Map.of("acme", perDay(4)), perDay(4));
        for (int i = 0; i < 4; i++) {
            assertThat(passes(limit, sent(call(ANN, RESNET)))).isTrue();
        }

        for (int i = 0; i < 50; i++) {
            assertThat(violated(limit, ANN)).isEqualTo("tenant");
        }
        Call call = call(ANN, RESNET);
        limit.check(call);
        limit.ofModels().check(call);
        assertThat(Objects.requireNonNull(call.answerFields()).all("ratelimit"))
                .anyMatch(field -> field.startsWith("\"caller\";r=5;"))
                .anyMatch(field -> field.startsWith("\"caller-model\";r=3;"));
    }

    /** Whoever is refused by a later control, again and again, must not use up what others share. */
    @Test
    void whatEndsBeforeAnythingIsSentIsNotCountedAgainstWhatOthersShare() {
        Limit limit = limit(Map.of(), Map.of("ann", Map.of("resnet", perDay(40))), Map.of("acme", perDay(3)),
                perDay(3));
        for (int i = 0; i < 30; i++) {
            Call refusedLater = call(ANN, RESNET);
            assertThat(passes(limit, refusedLater)).isTrue();
            end(refusedLater);
        }
        assertThat(admitted(limit, BOB, RESNET, 5)).isEqualTo(3);
        assertThat(admitted(limit, EVE, RESNET, 5)).as("the gateway's").isZero();
    }

    @Test
    void clientsAreToldNothingOfTheRatesOfTenantAndGateway() {
        Limit limit = limit(Map.of("ann", perDay(9)), Map.of(), Map.of("acme", new LimitRule(List.of(), 7)),
                perDay(100));
        Call call = call(ANN, RESNET);

        assertThat(passes(limit, call)).isTrue();

        assertThat(Objects.requireNonNull(call.answerFields()).all("ratelimit-policy"))
                .containsExactly("\"caller\";q=9;w=86400");
        assertThat(call.answerFields().all("ratelimit")).hasSize(1);
    }

    private Limit limit(Map<String, LimitRule> callers, Map<String, Map<String, LimitRule>> pairs,
            Map<String, LimitRule> tenants, LimitRule gateway) {
        return new Limit(new LimitRules(callers, pairs, Map.of(), tenants, gateway), ZoneOffset.UTC, limits.state());
    }

    private static LimitRule perDay(int calls) {
        return rule(rate(calls, Duration.ofDays(1), calls));
    }

    private Call call(Caller caller, Resource resource) {
        return limits.call(caller, resource);
    }

    private static Call sent(Call call) {
        call.attempted("127.0.0.1:80");
        return call;
    }

    private static boolean passes(Limit limit, Call call) {
        return limit.check(call) instanceof Verdict.Pass && limit.ofModels().check(call) instanceof Verdict.Pass;
    }

    private int admitted(Limit limit, Caller caller, Resource resource, int calls) {
        int admitted = 0;
        for (int i = 0; i < calls; i++) {
            Call call = sent(call(caller, resource));
            admitted += passes(limit, call) ? 1 : 0;
            end(call);
        }
        return admitted;
    }

    private Refusal refusal(Limit limit, Caller caller) {
        Call call = call(caller, RESNET);
        return limit.check(call) instanceof Refusal early ? early : (Refusal) limit.ofModels().check(call);
    }

    private String violated(Limit limit, Caller caller) {
        return ((List<?>) Objects.requireNonNull(refusal(limit, caller).members().get("violated-policies"))).getFirst()
                .toString();
    }
}
