package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.call.Call;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call's claim on one rate, chained to its claims on the further rates of the same rule: all are met or none. */
final class Claim {
    private final CompiledRate rate;
    private final CounterKey key;
    private final @Nullable Claim next;
    /** The theoretical arrival time as last seen. */
    private long tat;

    private Claim(CompiledRate rate, CounterKey key, @Nullable Claim next) {
        this.rate = rate;
        this.key = key;
        this.next = next;
    }

    /** The claims on all rates of {@code rule}, the first of which holds the rest; null when it has no rate. */
    static @Nullable Claim on(CompiledRule rule, Owner owner, String id, Call call) {
        Claim first = null;
        for (int i = rule.rates().size() - 1; i >= 0; i--) {
            CompiledRate rate = rule.rates().get(i);
            first = new Claim(rate, rate.key(owner, id, call), first);
        }
        return first;
    }

    /** Whether all rates conformed, and one call was taken from each. */
    boolean take(LimitState state, long now) {
        // With several, to look before taking spares giving back, which others could see.
        if (next != null && !conform(state, now)) {
            return false;
        }
        for (Claim each = this; each != null; each = each.next) {
            long taken = each.rate.take(each.key, state, now);
            if (taken == Counter.OfRate.REFUSED) {
                giveBackUntil(each, state, now);
                look(state);
                return false;
            }
            each.tat = taken;
        }
        return true;
    }

    /** Takes back what {@link #take} took, at {@code since} or later. */
    void giveBack(LimitState state, long since) {
        giveBackUntil(null, state, since);
    }

    private void giveBackUntil(@Nullable Claim end, LimitState state, long since) {
        for (Claim each = this; each != null && each != end; each = each.next) {
            each.rate.giveBack(each.key, state, since);
        }
    }

    private boolean conform(LimitState state, long now) {
        look(state);
        for (Claim each = this; each != null; each = each.next) {
            if (!each.rate.conforms(each.tat, now)) {
                return false;
            }
        }
        return true;
    }

    private void look(LimitState state) {
        for (Claim each = this; each != null; each = each.next) {
            each.tat = each.rate.arrivalTime(each.key, state);
        }
    }

    /** How long until every rate has a call left; 0 when each has. */
    long untilConformingNanos(long now) {
        long longest = 0;
        for (Claim each = this; each != null; each = each.next) {
            if (!each.rate.conforms(each.tat, now)) {
                longest = Math.max(longest, each.rate.untilNextNanos(each.tat, now));
            }
        }
        return longest;
    }

    /** The names of the rates that have no call left. */
    List<String> exhausted(long now) {
        List<String> names = new ArrayList<>(1);
        for (Claim each = this; each != null; each = each.next) {
            if (!each.rate.conforms(each.tat, now)) {
                names.add(each.rate.name());
            }
        }
        return names;
    }

    /** The members of the RateLimit field. */
    String describe(long now) {
        String member = rate.describe(tat, now);
        return next == null ? member : member + ", " + next.describe(now);
    }
}
