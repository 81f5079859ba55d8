package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.ClientNetwork;
import org.jspecify.annotations.Nullable;

/** One rate, ready to be counted; shared by all owners of equal rules. */
final class CompiledRate {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    /** How many texts are kept per rate: most answers need one of few. */
    private static final int KEPT_MAX = 1_024;

    private final Rate rate;
    private final Gcra gcra;
    private final String name;
    private final int ordinal;
    /** What clients are told when so many calls are left and the next comes within a second; made when first needed. */
    private final @Nullable String[] kept;

    /**
     * @param name    what clients see it called
     * @param ordinal which of its owner's rates with that period and scope; negative where it counts instances
     */
    CompiledRate(Rate rate, String name, int ordinal) {
        this.rate = rate;
        gcra = Gcra.of(rate);
        this.name = name;
        this.ordinal = ordinal;
        kept = new String[Math.min(KEPT_MAX, rate.burst())];
    }

    String name() {
        return name;
    }

    /** How many calls may come at once, and how long it takes until as many may come again: what clients are told. */
    String policy() {
        return "\"" + name + "\";q=" + rate.burst() + ";w=" + Math.max(1, seconds(gcra.aheadNanos()));
    }

    CounterKey key(Owner owner, String id, Call call) {
        long network = switch (rate.scope()) {
            case WHOLE -> CounterKey.ANY_NETWORK;
            case ADDRESS -> ClientNetwork.of(call.peer().client());
        };
        return new CounterKey(owner, id, rate.periodNanos(), ordinal, network);
    }

    /** Takes so many: the new theoretical arrival time, or {@link Counter.OfRate#REFUSED}. */
    long take(CounterKey key, LimitState state, long now, long units) {
        CounterTable<Counter.OfRate> table = state.rates(rate.scope());
        while (true) {
            Counter.OfRate counter = table.findOrAdd(key, now);
            long tat = counter.take(gcra, now, units);
            if (tat != Counter.RETIRED) {
                return tat;
            }
            table.forget(counter);
        }
    }

    /** Gives back what {@link #take} took, at {@code since} or later. */
    void giveBack(CounterKey key, LimitState state, long since, long units) {
        Counter.OfRate counter = state.rates(rate.scope()).find(key);
        if (counter != null) {
            counter.giveBack(gcra, since, state, units);
        }
    }

    /** The theoretical arrival time as it stands; 0 when nothing is counted. */
    long arrivalTime(CounterKey key, LimitState state) {
        Counter.OfRate counter = state.rates(rate.scope()).find(key);
        return counter == null ? 0 : Math.max(0, counter.value());
    }

    boolean conforms(long tat, long now, long units) {
        return gcra.conforms(gcra.next(tat, now, units), now);
    }

    /** Whether so many may ever come at once. */
    boolean holds(long units) {
        return units <= rate.burst();
    }

    int burst() {
        return rate.burst();
    }

    long untilNextNanos(long tat, long now, long units) {
        return units == 1 ? gcra.untilNextNanos(tat, now) : gcra.untilConformingNanos(tat, now, units);
    }

    /** The member of the RateLimit field: calls left, and whole seconds until there is one more. */
    String describe(long tat, long now) {
        long left = gcra.remaining(tat, now);
        long seconds = seconds(gcra.untilNextNanos(tat, now));
        if (seconds != 1 || left >= kept.length) {
            return describe(name, left, seconds);
        }
        String text = kept[(int) left];
        if (text == null) {
            // Two threads may both make it; either text will do.
            text = describe(name, left, seconds);
            kept[(int) left] = text;
        }
        return text;
    }

    private static String describe(String name, long left, long seconds) {
        return "\"" + name + "\";r=" + left + ";t=" + seconds;
    }

    /** Rounded up. */
    static long seconds(long nanos) {
        return Math.ceilDiv(nanos, NANOS_PER_SECOND);
    }
}
