package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.call.Call;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one call claims of one rate, chained to its claims on the further rates of the same rule: all are met or none. */
final class Claim {
    private final CompiledRate rate;
    private final CounterKey key;
    private final long units;
    private final @Nullable Claim next;
    /** The theoretical arrival time as last seen. */
    private long tat;

    private Claim(CompiledRate rate, CounterKey key, long units, @Nullable Claim next) {
        this.rate = rate;
        this.key = key;
        this.units = units;
        this.next = next;
    }

    /** The claims on all of {@code rates}, the first of which holds the rest; null when there is none. */
    static @Nullable Claim on(List<CompiledRate> rates, Owner owner, String id, Call call, long units) {
        Claim first = null;
        for (int i = rates.size() - 1; i >= 0; i--) {
            CompiledRate rate = rates.get(i);
            first = new Claim(rate, rate.key(owner, id, call), units, first);
        }
        return first;
    }

    /** Whether all rates conformed, and what is claimed was taken from each. */
    boolean take(LimitState state, long now) {
        // With several, to look before taking spares giving back, which others could see.
        if (next != null && !conform(state, now)) {
            return false;
        }
        for (Claim each = this; each != null; each = each.next) {
            long taken = each.rate.take(each.key, state, now, each.units);
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
            each.rate.giveBack(each.key, state, since, each.units);
        }
    }

    private boolean conform(LimitState state, long now) {
        look(state);
        for (Claim each = this; each != null; each = each.next) {
            if (!each.rate.conforms(each.tat, now, each.units)) {
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
            if (!each.rate.conforms(each.tat, now, each.units)) {
                longest = Math.max(longest, each.rate.untilNextNanos(each.tat, now, each.units));
            }
        }
        return longest;
    }

    /** The names of the rates that have no call left. */
    List<String> exhausted(long now) {
        List<String> names = new ArrayList<>(1);
        for (Claim each = this; each != null; each = each.next) {
            if (!each.rate.conforms(each.tat, now, each.units)) {
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
