package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One number that all event loops change by compare-and-set. It ends by being retired: from then on nothing changes it,
 * and whoever still holds it looks its key up anew, so that nothing is counted twice or lost when idle counters are dropped.
 */
abstract class Counter {
    /** Outside the range of every live value. */
    static final long RETIRED = -1;

    private static final VarHandle VALUE = valueHandle();

    final CounterKey key;
    private volatile long value;

    Counter(CounterKey key) {
        this.key = requireNonNull(key, "key is null");
    }

    private static VarHandle valueHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    final long value() {
        return value;
    }

    final boolean change(long expected, long next) {
        return VALUE.compareAndSet(this, expected, next);
    }

    /** Whether {@code current} has said the same as no counter at all since {@code instant}. */
    abstract boolean idle(long current, long instant);

    final boolean retireIfIdle(long instant) {
        long current = value;
        return current != RETIRED && idle(current, instant) && change(current, RETIRED);
    }

    /** Forgets what was counted. */
    final void retire() {
        value = RETIRED;
    }

    /** The calls of one rate: its theoretical arrival time, in nanoseconds of {@link LimitState#now()}. */
    static final class OfRate extends Counter {
        static final long REFUSED = -2;

        OfRate(CounterKey key) {
            super(key);
        }

        @Override
        boolean idle(long current, long instant) {
            return current <= instant;
        }

        /** Takes so many; the new theoretical arrival time, {@link #REFUSED}, or {@link #RETIRED}. */
        long take(Gcra gcra, long now, long units) {
            while (true) {
                long tat = value();
                if (tat == RETIRED) {
                    return RETIRED;
                }
                long next = gcra.next(tat, now, units);
                if (!gcra.conforms(next, now)) {
                    return REFUSED;
                }
                if (change(tat, next)) {
                    return next;
                }
            }
        }

        /**
         * Gives back what was taken, less the time that has passed: by as much TAT may have been set forward by the call
         * only because the counter was idle before, and to give that back would be to grant a part of a call too much.
         *
         * @param since no later than the call was taken
         */
        void giveBack(Gcra gcra, long since, LimitState state, long units) {
            long taken = units * gcra.incrementNanos();
            while (true) {
                long tat = value();
                long passed = state.now() - since;
                if (tat == RETIRED || passed >= taken) {
                    return;
                }
                if (change(tat, tat - taken + passed)) {
                    return;
                }
            }
        }
    }

    /** The calls in flight of one owner. */
    static final class OfConcurrency extends Counter {
        /** When a place was taken last, or about then. */
        private long takenAt;

        OfConcurrency(CounterKey key) {
            super(key);
        }

        @Override
        boolean idle(long current, long instant) {
            return current == 0 && takenAt <= instant;
        }

        /** Takes one place; how many are taken then, 0 when all are, or {@link #RETIRED}. */
        long take(int max, long now) {
            while (true) {
                long taken = value();
                if (taken == RETIRED) {
                    return RETIRED;
                }
                if (taken >= max) {
                    return 0;
                }
                if (change(taken, taken + 1)) {
                    takenAt = now;
                    return taken + 1;
                }
            }
        }

        void release() {
            VALUE.getAndAdd(this, -1L);
        }
    }
}
