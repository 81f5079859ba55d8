package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Time;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All counters of the process. It lives as long as the process, outside every snapshot, under keys that a reload does not
 * change. A caller that does not call costs nothing: a counter is made by its first call and dropped when it is idle.
 */
public final class LimitState {
    private static final long SWEEP_INTERVAL_NANOS = 10_000_000;
    private static final int SWEPT_PER_INTERVAL = 64;

    private final Time time;
    private final long originNanos;
    private final AtomicLong sweepAt = new AtomicLong();
    private final CounterTable<Counter.OfRate> rates = new CounterTable<>(Counter.OfRate::new, Long.MAX_VALUE);
    private final CounterTable<Counter.OfRate> networks;
    private final CounterTable<Counter.OfConcurrency> places =
            new CounterTable<>(Counter.OfConcurrency::new, Long.MAX_VALUE);

    /**
     * @param countersMax how many counters are kept per client address, at least 1. When as many are warm, the one that
     *                    has counted least of a few old ones is dropped. Counters of callers and models are as many as the
     *                    configuration has, and are never dropped while they count something
     */
    public LimitState(Time time, int countersMax) {
        this.time = requireNonNull(time, "time is null");
        if (countersMax < 1) {
            throw new IllegalArgumentException("countersMax is below 1");
        }
        originNanos = time.nanos();
        networks = new CounterTable<>(Counter.OfRate::new, countersMax);
    }

    /** How many counters exist. */
    public long counters() {
        return rates.size() + networks.size() + places.size();
    }

    /** How many counters of client addresses were dropped because there were too many, although they counted something. */
    public long evicted() {
        return networks.evicted();
    }

    /** Nanoseconds since this state was made; never negative. */
    long now() {
        return time.nanos() - originNanos;
    }

    /** A reading of the injected nano clock, counted as {@link #now()} counts. */
    long sinceOrigin(long nanos) {
        return nanos - originNanos;
    }

    CounterTable<Counter.OfRate> rates(Rate.Scope scope) {
        return switch (scope) {
            case WHOLE -> rates;
            case ADDRESS -> networks;
        };
    }

    CounterTable<Counter.OfConcurrency> places() {
        return places;
    }

    /** Drops a few idle counters now and then, so that those of callers gone for good do not stay. */
    void sweep(long now) {
        long due = sweepAt.get();
        if (now >= due && sweepAt.compareAndSet(due, now + SWEEP_INTERVAL_NANOS)) {
            rates.sweep(SWEPT_PER_INTERVAL, now);
            networks.sweep(SWEPT_PER_INTERVAL, now);
            places.sweep(SWEPT_PER_INTERVAL, now);
        }
    }
}
