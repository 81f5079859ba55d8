package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One number that all event loops change by compare-and-set. It ends by being retired: from then on nothing changes it,
 * and whoever still holds it looks its key up anew, so that nothing is counted twice or lost when idle counters are dropped.
 */
abstract class Counter {
    /** Outside the range of every live value. */
    static final long RETIRED = -1;

    final CounterKey key;
    final AtomicLong value = new AtomicLong();

    Counter(CounterKey key) {
        this.key = requireNonNull(key, "key is null");
    }

    /** Whether {@code current} says the same as no counter at all. */
    abstract boolean idle(long current, long now);

    final boolean retireIfIdle(long now) {
        long current = value.get();
        return current != RETIRED && idle(current, now) && value.compareAndSet(current, RETIRED);
    }

    /** Forgets what was counted. */
    final void retire() {
        value.set(RETIRED);
    }

    /** The calls of one rate: its theoretical arrival time, in nanoseconds of {@link LimitState#now()}. */
    static final class OfRate extends Counter {
        static final long REFUSED = -2;

        OfRate(CounterKey key) {
            super(key);
        }

        @Override
        boolean idle(long current, long now) {
            return current <= now;
        }

        /** Takes one call; the new theoretical arrival time, {@link #REFUSED}, or {@link #RETIRED}. */
        long take(Gcra gcra, long now) {
            while (true) {
                long tat = value.get();
                if (tat == RETIRED) {
                    return RETIRED;
                }
                long next = gcra.next(tat, now);
                if (!gcra.conforms(next, now)) {
                    return REFUSED;
                }
                if (value.compareAndSet(tat, next)) {
                    return next;
                }
            }
        }

        /**
         * Gives a taken call back, less the time that has passed: by as much TAT may have been set forward by the call
         * only because the counter was idle before, and to give that back would be to grant a part of a call too much.
         *
         * @param since no later than the call was taken
         */
        void giveBack(Gcra gcra, long since, LimitState state) {
            while (true) {
                long tat = value.get();
                long passed = state.now() - since;
                if (tat == RETIRED || passed >= gcra.incrementNanos()) {
                    return;
                }
                if (value.compareAndSet(tat, tat - gcra.incrementNanos() + passed)) {
                    return;
                }
            }
        }
    }

    /** The calls in flight of one owner. */
    static final class OfConcurrency extends Counter {
        OfConcurrency(CounterKey key) {
            super(key);
        }

        @Override
        boolean idle(long current, long now) {
            return current == 0;
        }

        /** Takes one place; how many are taken then, 0 when all are, or {@link #RETIRED}. */
        long take(int max) {
            while (true) {
                long taken = value.get();
                if (taken == RETIRED) {
                    return RETIRED;
                }
                if (taken >= max) {
                    return 0;
                }
                if (value.compareAndSet(taken, taken + 1)) {
                    return taken + 1;
                }
            }
        }

        void release() {
            value.decrementAndGet();
        }
    }
}
