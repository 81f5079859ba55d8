package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.Verdict;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * The control that keeps each caller within its rates and its calls in flight. Stands before authorization, so that a
 * caller that hammers what it may not call is limited too.
 *
 * <p>The limits of models, and all that several callers share, are a control of their own, {@link #ofModels}, which stands
 * behind authorization: what all share only those may use up who are permitted to call, and no one else may learn from a
 * limit that the model exists. Quotas and budgets are the matter of {@link Charge}.
 */
public final class Limit implements Control {
    private static final List<Owner> BEHIND_AUTHORIZATION =
            List.of(Owner.CALLER_MODEL, Owner.MODEL, Owner.TENANT, Owner.GATEWAY);
    private static final List<Owner> SHARED = List.of(Owner.MODEL, Owner.TENANT, Owner.GATEWAY);

    private final Scopes scopes;

    /** @param zone where the windows of quotas and budgets begin */
    public Limit(LimitRules rules, ZoneId zone, LimitState state) {
        scopes = new Scopes(rules, new WindowClocks(zone), requireNonNull(state, "state is null"));
    }

    /**
     * @param byCaller   by caller id; who has no rule is not limited
     * @param byResource by resource id; what has no rule is not limited
     */
    public Limit(Map<String, LimitRule> byCaller, Map<String, LimitRule> byResource, LimitState state) {
        this(LimitRules.of(byCaller, byResource), ZoneOffset.UTC, state);
    }

    Scopes scopes() {
        return scopes;
    }

    @Override
    public String name() {
        return "limit";
    }

    @Override
    public Verdict check(Call call) {
        Refusal refusal = scopes.gate(Owner.CALLER).admit(call, Scopes.caller(call).id());
        return refusal == null ? Verdict.PASS : refusal;
    }

    /** The control that keeps permitted calls within the limits of caller and model, model, tenant and gateway. */
    public Control ofModels() {
        return new OfModels();
    }

    private void giveBack(Owner owner, Call call) {
        String id = scopes.id(owner, call);
        if (id != null) {
            scopes.gate(owner).giveBack(call, id);
        }
    }

    private final class OfModels implements Control {
        @Override
        public String name() {
            return "limit-model";
        }

        /**
         * A call that is refused here is not counted against the rates that had passed it. One that a later control
         * refuses, or that ends before anything is sent, is not counted against what others share.
         */
        @Override
        public Verdict check(Call call) {
            boolean counted = false;
            for (int i = 0; i < BEHIND_AUTHORIZATION.size(); i++) {
                Owner owner = BEHIND_AUTHORIZATION.get(i);
                String id = scopes.id(owner, call);
                Refusal refusal = id == null ? null : scopes.gate(owner).admit(call, id);
                if (refusal != null) {
                    giveBack(Owner.CALLER, call);
                    for (int passed = 0; passed < i; passed++) {
                        giveBack(BEHIND_AUTHORIZATION.get(passed), call);
                    }
                    return refusal;
                }
                counted |= owner != Owner.CALLER_MODEL && id != null && scopes.gate(owner).counts(id);
            }
            if (counted) {
                call.atEnd(() -> giveBackUnused(call));
            }
            return Verdict.PASS;
        }

        private void giveBackUnused(Call call) {
            if (call.attempts() == 0) {
                for (int i = 0; i < SHARED.size(); i++) {
                    giveBack(SHARED.get(i), call);
                }
            }
        }
    }
}
