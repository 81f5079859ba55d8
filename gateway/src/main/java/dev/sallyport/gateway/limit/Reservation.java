package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.call.Call;
import java.util.ArrayList;
import java.util.List;

/** One call against all rates of one rule: takes from each or from none. */
final class Reservation {
    private final List<CompiledRate> rates;
    private final LimitState state;
    private final CounterKey[] keys;
    /** The theoretical arrival times as last seen. */
    private final long[] tats;

    Reservation(CompiledRule rule, CounterKey.Owner owner, String id, Call call, LimitState state) {
        rates = rule.rates();
        this.state = state;
        keys = new CounterKey[rates.size()];
        tats = new long[rates.size()];
        for (int i = 0; i < keys.length; i++) {
            CompiledRate compiled = rates.get(i);
            Rate rate = compiled.rate();
            long network = switch (rate.scope()) {
                case WHOLE -> CounterKey.ANY_NETWORK;
                case ADDRESS -> ClientNetwork.of(call.peer().client());
            };
            keys[i] = new CounterKey(owner, id, rate.periodNanos(), compiled.ordinal(), network);
        }
    }

    /** Whether all rates conformed and one call was taken from each. */
    boolean take(long now) {
        // With several, to look before taking spares giving back, which others could see.
        if (keys.length > 1 && !conform(now)) {
            return false;
        }
        for (int i = 0; i < keys.length; i++) {
            long tat = take(i, now);
            if (tat == Counter.OfRate.REFUSED) {
                for (int taken = 0; taken < i; taken++) {
                    giveBack(taken, now);
                }
                look();
                return false;
            }
            tats[i] = tat;
        }
        return true;
    }

    /** Takes back what {@link #take} took, at {@code since} or later. */
    void giveBack(long since) {
        for (int i = 0; i < keys.length; i++) {
            giveBack(i, since);
        }
    }

    private boolean conform(long now) {
        look();
        for (int i = 0; i < keys.length; i++) {
            if (!conforms(i, now)) {
                return false;
            }
        }
        return true;
    }

    private boolean conforms(int i, long now) {
        Gcra gcra = rates.get(i).gcra();
        return gcra.conforms(gcra.next(tats[i], now), now);
    }

    private void look() {
        for (int i = 0; i < keys.length; i++) {
            Counter.OfRate counter = table(i).find(keys[i]);
            tats[i] = counter == null ? 0 : Math.max(0, counter.value.get());
        }
    }

    private long take(int i, long now) {
        while (true) {
            Counter.OfRate counter = table(i).findOrAdd(keys[i], now);
            long tat = counter.take(rates.get(i).gcra(), now);
            if (tat != Counter.RETIRED) {
                return tat;
            }
            table(i).forget(counter);
        }
    }

    private void giveBack(int i, long since) {
        Counter.OfRate counter = table(i).find(keys[i]);
        if (counter != null) {
            counter.giveBack(rates.get(i).gcra(), since, state);
        }
    }

    private CounterTable<Counter.OfRate> table(int i) {
        return state.rates(rates.get(i).rate().scope());
    }

    /** How long until every rate has a call left; 0 when each has. */
    long untilConformingNanos(long now) {
        long longest = 0;
        for (int i = 0; i < keys.length; i++) {
            if (!conforms(i, now)) {
                longest = Math.max(longest, rates.get(i).gcra().untilNextNanos(tats[i], now));
            }
        }
        return longest;
    }

    /** The names of the rates that have no call left. */
    List<String> exhausted(long now) {
        List<String> names = new ArrayList<>(1);
        for (int i = 0; i < keys.length; i++) {
            if (!conforms(i, now)) {
                names.add(rates.get(i).name());
            }
        }
        return names;
    }

    /** Appends the members of the RateLimit field: calls left, and whole seconds until there is one more. */
    void describe(StringBuilder field, long now) {
        for (int i = 0; i < keys.length; i++) {
            CompiledRate compiled = rates.get(i);
            if (i > 0) {
                field.append(", ");
            }
            field.append('"').append(compiled.name()).append("\";r=").append(compiled.gcra().remaining(tats[i], now));
            field.append(";t=").append(CompiledRate.seconds(compiled.gcra().untilNextNanos(tats[i], now)));
        }
    }
}
