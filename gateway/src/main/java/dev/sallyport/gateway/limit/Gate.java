package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of all owners of one kind. States what is left in the fields RateLimit and RateLimit-Policy
 * (draft-ietf-httpapi-ratelimit-headers-10) of every answer to a call that a rule applies to.
 */
final class Gate {
    private static final String POLICY_FIELD = "ratelimit-policy";
    private static final String STATE_FIELD = "ratelimit";
    private static final String RETRY_FIELD = "retry-after";
    /** The draft's member of the problem document. */
    private static final String VIOLATED = "violated-policies";

    private final Owner owner;
    private final Map<String, CompiledRule> rules;
    private final LimitState state;

    Gate(Owner owner, Map<String, LimitRule> rules, WindowClocks clocks, LimitState state) {
        this.owner = owner;
        this.state = state;
        Map<LimitRule, CompiledRule> shared = new HashMap<>();
        Map<String, CompiledRule> compiled = HashMap.newHashMap(rules.size());
        rules.forEach((id, rule) -> compiled.put(id,
                shared.computeIfAbsent(rule, distinct -> CompiledRule.of(owner, distinct, clocks))));
        this.rules = Map.copyOf(compiled);
    }

    @Nullable
    CompiledRule rule(String id) {
        return rules.get(id);
    }

    Map<String, CompiledRule> rules() {
        return rules;
    }

    /** Whether calls of {@code id} are counted by a rate. */
    boolean counts(String id) {
        CompiledRule rule = rules.get(id);
        return rule != null && !rule.rates().isEmpty();
    }

    /** Takes what the call needs, all or nothing; null when it may pass, else why not. */
    @Nullable
    Refusal admit(Call call, String id) {
        CompiledRule rule = rules.get(id);
        if (rule == null || rule.policy() == null) {
            return null;
        }
        long now = state.now();
        state.sweep(now);
        tell(call, POLICY_FIELD, rule.policy());
        Counter.OfConcurrency place = null;
        if (rule.concurrency() > 0) {
            place = takePlace(id, rule.concurrency(), now);
            if (place == null) {
                tell(call, STATE_FIELD, "\"" + rule.place() + "\";r=0");
                return crowded(rule);
            }
        }
        Claim claim = Claim.on(rule.rates(), owner, id, call, 1);
        boolean taken = claim == null || claim.take(state, now);
        tell(call, STATE_FIELD, describe(rule, claim, place, now));
        if (claim != null && !taken) {
            if (place != null) {
                place.release();
            }
            return exhausted(claim, now);
        }
        if (place != null) {
            call.atEnd(place::release);
        }
        return null;
    }

    /** What a tenant or the gateway has left is nobody's business who is one of many. */
    private void tell(Call call, String field, String value) {
        if (owner != Owner.TENANT && owner != Owner.GATEWAY) {
            call.answerField(field, value);
        }
    }

    /** Gives the rates back what {@link #admit} took for this call; the place in flight is kept until it ends. */
    void giveBack(Call call, String id) {
        CompiledRule rule = rules.get(id);
        Claim claim = rule == null ? null : Claim.on(rule.rates(), owner, id, call, 1);
        if (claim != null) {
            claim.giveBack(state, state.sinceOrigin(call.timeline().beganNanos()));
        }
    }

    /** Takes {@code instances} of the rates that count them, all or nothing; null when the call may pass, else why not. */
    @Nullable
    Refusal admitInstances(Call call, String id, long instances) {
        CompiledRule rule = rules.get(id);
        if (rule == null || rule.instanceRates().isEmpty()) {
            return null;
        }
        for (int i = 0; i < rule.instanceRates().size(); i++) {
            CompiledRate rate = rule.instanceRates().get(i);
            if (!rate.holds(instances)) {
                return Refusal.of(RefusalCode.TOO_MANY_INSTANCES, "The request carries " + instances
                        + " instances; at most " + rate.burst() + " may come at once.")
                        .withMember(VIOLATED, List.of(rate.name()));
            }
        }
        long now = state.now();
        state.sweep(now);
        Claim claim = Claim.on(rule.instanceRates(), owner, id, call, instances);
        return claim == null || claim.take(state, now) ? null : exhausted(claim, now);
    }

    /** Gives back what {@link #admitInstances} took. */
    void giveBackInstances(Call call, String id, long instances) {
        CompiledRule rule = rules.get(id);
        Claim claim = rule == null ? null : Claim.on(rule.instanceRates(), owner, id, call, instances);
        if (claim != null) {
            claim.giveBack(state, state.sinceOrigin(call.timeline().beganNanos()));
        }
    }

    private Counter.@Nullable OfConcurrency takePlace(String id, int max, long now) {
        CounterKey key = new CounterKey(owner, id, 0, 0, CounterKey.ANY_NETWORK);
        while (true) {
            Counter.OfConcurrency places = state.places().findOrAdd(key, now);
            long taken = places.take(max, now);
            if (taken != Counter.RETIRED) {
                return taken == 0 ? null : places;
            }
            state.places().forget(places);
        }
    }

    private static String describe(CompiledRule rule, @Nullable Claim claim, Counter.@Nullable OfConcurrency place,
            long now) {
        String rates = claim == null ? "" : claim.describe(now);
        if (place == null) {
            return rates;
        }
        long left = Math.max(0, rule.concurrency() - place.value());
        return rates + (rates.isEmpty() ? "\"" : ", \"") + rule.place() + "\";r=" + left;
    }

    private static Refusal crowded(CompiledRule rule) {
        return new Refusal(
                RefusalCode.CONCURRENCY_LIMITED,
                "As many calls are in flight as may be: " + rule.concurrency() + ".",
                Map.of(VIOLATED, List.of(rule.place())),
                Map.of(RETRY_FIELD, "1"));
    }

    private static Refusal exhausted(Claim claim, long now) {
        long seconds = Math.max(1, CompiledRate.seconds(claim.untilConformingNanos(now)));
        return new Refusal(
                RefusalCode.RATE_LIMITED,
                "No call is left; the next is in " + seconds + " s.",
                Map.of(VIOLATED, claim.exhausted(now)),
                Map.of(RETRY_FIELD, Long.toString(seconds)));
    }
}
