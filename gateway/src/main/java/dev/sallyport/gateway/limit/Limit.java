package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import java.util.Map;

/**
 * The control that keeps each caller within its rates and its calls in flight. Stands before authorization, so that a
 * caller that hammers what it may not call is limited too.
 *
 * <p>The limits of models are a control of their own, {@link #ofModels}, which stands behind authorization: what all share
 * only those may use up who are permitted to call it, and no one else may learn from a limit that the model exists.
 */
public final class Limit implements Control {
    private final Gate callers;
    private final Gate models;

    /**
     * @param byCaller   by caller id; who has no rule is not limited
     * @param byResource by resource id; what has no rule is not limited
     */
    public Limit(Map<String, LimitRule> byCaller, Map<String, LimitRule> byResource, LimitState state) {
        requireNonNull(state, "state is null");
        callers = new Gate(CounterKey.Owner.CALLER, byCaller, state);
        models = new Gate(CounterKey.Owner.MODEL, byResource, state);
    }

    @Override
    public String name() {
        return "limit";
    }

    @Override
    public Verdict check(Call call) {
        Refusal refusal = callers.admit(call, caller(call).id());
        return refusal == null ? Verdict.PASS : refusal;
    }

    /** The control that keeps the permitted calls of all callers together within each model's limits. */
    public Control ofModels() {
        return new OfModels();
    }

    private static Caller caller(Call call) {
        return requireNonNull(call.caller(), "caller is null");
    }

    private final class OfModels implements Control {
        @Override
        public String name() {
            return "limit-model";
        }

        /** A call that the model's limits refuse is not counted against its caller's rates. */
        @Override
        public Verdict check(Call call) {
            Resource resource = requireNonNull(call.resource(), "resource is null");
            Refusal refusal = models.admit(call, resource.id());
            if (refusal == null) {
                return Verdict.PASS;
            }
            callers.giveBack(call, caller(call).id());
            return refusal;
        }
    }
}
