package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Measure;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.limit.Window.Period;
import dev.sallyport.gateway.testing.ManualTime;
import dev.sallyport.gateway.testing.TestingCall;
import io.netty.buffer.Unpooled;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Prices, budgets, callers and a clock for the tests of what calls use. */
final class TestingSpending {
    static final Caller PARTNER = Caller.bearer("partner", "acme", Caller.Cohort.PARTNER);
    static final Caller APP = Caller.bearer("app", "acme", Caller.Cohort.PUBLIC);
    static final Resource RESNET = Resource.model("resnet", "2", null, Map.of());
    static final Window DAY = new Window(Period.DAY, false);
    static final Window HOUR = new Window(Period.HOUR, false);

    private final ManualTime time = new ManualTime();
    private Accounts accounts = new Accounts(time);

    ManualTime time() {
        return time;
    }

    Accounts accounts() {
        return accounts;
    }

    void remember(Accounts others) {
        accounts = others;
    }

    Charge charge(LimitRules rules, Price... prices) {
        return charge(rules, 0, prices);
    }

    Charge charge(LimitRules rules, long instancesMax, Price... prices) {
        Limit limit = new Limit(rules, ZoneOffset.UTC, new LimitState(time, 10));
        ChargeRule rule = new ChargeRule(List.of(prices), instancesMax, 1_000_000, 60_000);
        return new Charge(limit, Map.of(RESNET.id(), rule), accounts);
    }

    Call call(Caller caller) {
        return TestingCall.of(caller, RESNET).contentLength(0).make(time);
    }

    /** A call that carries a body of which the measure is taken. */
    Call carrying(Caller caller, Measure measure) {
        Call call = TestingCall.of(caller, RESNET).contentLength(measure.bytes()).make(time);
        call.measured(measure);
        return call;
    }

    static Verdict pass(Charge charge, Call call) {
        Verdict verdict = charge.check(call);
        return verdict instanceof Verdict.Pass && charge.body(call) instanceof BodyNeed.Whole
                ? charge.whole(call, Unpooled.EMPTY_BUFFER)
                : verdict;
    }

    static boolean passes(Charge charge, Call call) {
        return pass(charge, call) instanceof Verdict.Pass;
    }

    static Refusal refusal(Charge charge, Call call) {
        return (Refusal) pass(charge, call);
    }

    int passing(Charge charge, Caller caller, int calls) {
        int passed = 0;
        for (int i = 0; i < calls; i++) {
            passed += passes(charge, call(caller)) ? 1 : 0;
        }
        return passed;
    }

    /** The request has reached an endpoint, whole. */
    Call sent(Call call) {
        call.attempted("127.0.0.1:80");
        call.timeline().mark(Phase.CONNECT, time.nanos());
        call.timeline().mark(Phase.SEND, time.nanos());
        return call;
    }

    Call answered(Charge charge, Call call, int status) {
        charge.settle().open(sent(call), new ResponseHead(status, new Headers(0), 0));
        return call;
    }

    static void end(Call call) {
        call.takeSettlements().forEach(Runnable::run);
    }

    long used(Owner owner, String id, Unit unit, Window window) {
        return accounts.used(new AccountKey(owner, id, unit, window), new WindowClock(window, ZoneOffset.UTC));
    }

    /** Millionths of a dollar that the partner has used of its daily budget. */
    long partnersDay() {
        return used(Owner.CALLER, "partner", new Unit.Currency("USD"), DAY);
    }

    static Price perCall(String amount) {
        return new Price.Each(Price.picos(new BigDecimal(amount)), Price.Per.CALL);
    }

    static Price per(Price.Per per, String amount) {
        return new Price.Each(Price.picos(new BigDecimal(amount)), per);
    }

    static Allowance budget(String amount, Window window) {
        return Allowance.budget(Money.of(new BigDecimal(amount), "USD"), window);
    }

    static Allowance quota(long calls, Window window) {
        return new Allowance(Unit.CALLS, calls, window);
    }

    static LimitRule rule(Allowance... allowances) {
        return new LimitRule(List.of(), 0, List.of(allowances));
    }

    static LimitRules ofPartner(Allowance... allowances) {
        return LimitRules.of(Map.of("partner", rule(allowances)), Map.of());
    }
}
