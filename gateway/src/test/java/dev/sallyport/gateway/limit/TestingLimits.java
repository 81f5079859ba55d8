package dev.sallyport.gateway.limit;

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
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Callers, models, rates and a clock for the tests of limits. */
final class TestingLimits {
    static final Caller PARTNER = Caller.bearer("partner", Caller.Cohort.PARTNER);
    static final Caller APP = Caller.bearer("app", Caller.Cohort.PUBLIC);
    static final Resource RESNET = Resource.model("resnet", "2", null, Map.of());
    static final Resource OCR = Resource.model("ocr", "", null, Map.of());
    static final Rate PER_MINUTE = rate(60, Duration.ofMinutes(1), 60);
    static final Rate PER_SECOND = rate(10, Duration.ofSeconds(1), 20);

    private final ManualTime time = new ManualTime();
    private final LimitState state = new LimitState(time, 1_000);

    ManualTime time() {
        return time;
    }

    LimitState state() {
        return state;
    }

    Limit ofCallers(Map<String, LimitRule> rules) {
        return new Limit(rules, Map.of(), state);
    }

    Limit ofModels(Map<String, LimitRule> rules) {
        return new Limit(Map.of(), rules, state);
    }

    Call call(Caller caller, Resource resource) {
        return TestingCall.of(caller, resource).make(time);
    }

    int admitted(Control limit, Caller caller, int calls) {
        int admitted = 0;
        for (int i = 0; i < calls; i++) {
            admitted += limit.check(call(caller, RESNET)) instanceof Verdict.Pass ? 1 : 0;
        }
        return admitted;
    }

    RefusalCode code(Control limit, Caller caller) {
        return ((Refusal) limit.check(call(caller, RESNET))).code();
    }

    String fields(Control limit, Caller caller) {
        Call call = call(caller, RESNET);
        limit.check(call);
        return fields(call);
    }

    static String fields(Call call) {
        Headers fields = Objects.requireNonNull(call.answerFields());
        return fields.first("ratelimit-policy") + " | " + fields.first("ratelimit");
    }

    static void end(Call call) {
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
