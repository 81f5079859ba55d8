package dev.sallyport.gateway.limit;

import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counters that exist only while they say something. A queue holds each of them once; sweeping takes the foremost,
 * drops it when it is idle and puts it at the end when it is not, a few at a time. Finding a counter takes no lock.
 */
final class CounterTable<C extends Counter> {
    /** Each new counter looks at this many old ones, so that the table shrinks faster than it can grow. */
    private static final int SWEPT_PER_ADDITION = 2;
    /** How long a counter stays although it is idle, while half of the room is free: one in use need not be made for each call. */
    private static final long KEPT_IDLE_NANOS = 10_000_000_000L;
    /** How many are looked at before a warm one has to go. */
    private static final int SWEPT_WHEN_FULL = 16;

    private final ConcurrentHashMap<CounterKey, C> counters = new ConcurrentHashMap<>();
    private final Queue<C> queue = new ConcurrentLinkedQueue<>();
    private final Function<CounterKey, C> making;
    private final long max;
    private final LongAdder evicted = new LongAdder();

    /** @param max counters; a further one drops, of a few old ones, that which says least */
    CounterTable(Function<CounterKey, C> making, long max) {
        this.making = making;
        this.max = max;
    }

    @Nullable
    C find(CounterKey key) {
        return counters.get(key);
    }

    C findOrAdd(CounterKey key, long now) {
        C found = counters.get(key);
        return found != null ? found : add(key, now);
    }

    private C add(CounterKey key, long now) {
        if (counters.mappingCount() >= max) {
            makeRoom(now);
        } else {
            sweep(SWEPT_PER_ADDITION, now);
        }
        C made = making.apply(key);
        C raced = counters.putIfAbsent(key, made);
        if (raced != null) {
            return raced;
        }
        queue.add(made);
        return made;
    }

    /** Drops what is idle among the {@code count} foremost. */
    void sweep(int count, long now) {
        long instant = counters.mappingCount() < max / 2 ? now - KEPT_IDLE_NANOS : now;
        for (int i = 0; i < count; i++) {
            C counter = queue.poll();
            if (counter == null) {
                return;
            }
            if (counter.retireIfIdle(instant)) {
                forget(counter);
            } else {
                queue.add(counter);
            }
        }
    }

    private void makeRoom(long now) {
        while (counters.mappingCount() >= max) {
            C coolest = null;
            int dropped = 0;
            for (int i = 0; i < SWEPT_WHEN_FULL; i++) {
                C counter = queue.poll();
                if (counter == null) {
                    break;
                }
                if (counter.retireIfIdle(now)) {
                    forget(counter);
                    dropped++;
                } else if (coolest == null) {
                    coolest = counter;
                } else if (counter.value() < coolest.value()) {
                    queue.add(coolest);
                    coolest = counter;
                } else {
                    queue.add(counter);
                }
            }
            if (coolest == null) {
                return;
            }
            if (dropped > 0) {
                queue.add(coolest);
            } else {
                coolest.retire();
                forget(coolest);
                evicted.increment();
            }
        }
    }

    /** Removes a retired counter, so that the next look-up makes a new one. */
    void forget(C retired) {
        counters.remove(retired.key, retired);
    }

    long size() {
        return counters.mappingCount();
    }

    /** How many were dropped although they said something. */
    long evicted() {
        return evicted.sum();
    }
}
