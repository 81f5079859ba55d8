package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Time;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether one endpoint may be used, by what calls and checks of it have shown. Safe for use by several threads.
 *
 * <p>{@value #FAILURES} failures in a row (no connection, no answer, an answer of 5xx) take the endpoint out for two
 * seconds, and for twice as long each time it fails again soon, up to a minute. When that time is over one call goes
 * there as a trial, and its fate decides. To a call, a healthy endpoint costs one volatile read.
 */
final class Health {
    static final int FAILURES = 5;
    static final long FIRST_OUT_NANOS = TimeUnit.SECONDS.toNanos(2);
    static final long LONGEST_OUT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int DOUBLINGS_MAX = 5;

    /** What a call that looks for an endpoint sees. */
    enum State {
        HEALTHY,
        /** Out, but one call may try whether it is back: whoever gets {@link Health#beginTrial}. */
        TRIAL_DUE,
        OUT,
        /** The active check says that it is down. */
        DOWN
    }

    /**
     * All that is known at one moment.
     *
     * @param down          by the active check
     * @param out           by what calls have shown
     * @param onTrial       whether a call was let through although it is out
     * @param failures      in a row
     * @param everOut       whether {@code outUntilNanos} means anything
     * @param doublings     of the time for which it was last out
     * @param outUntilNanos when the next trial is due
     */
    private record Condition(
            boolean down, boolean out, boolean onTrial, int failures, boolean everOut, int doublings,
            long outUntilNanos) {

        static final Condition FINE = new Condition(false, false, false, 0, false, 0, 0);

        boolean untroubled() {
            return !down && !out && failures == 0;
        }

        State state(long now) {
            if (down) {
                return State.DOWN;
            }
            return !out ? State.HEALTHY : outUntilNanos - now > 0 ? State.OUT : State.TRIAL_DUE;
        }

        Condition tried(long now) {
            return new Condition(down, true, true, failures, true, doublings, now + outNanos(doublings));
        }

        Condition recovered() {
            return new Condition(down, false, false, 0, everOut, doublings, outUntilNanos);
        }

        Condition failed(long now) {
            if (out && !onTrial) {
                return this; // calls that were under way when it was taken out tell nothing new
            }
            if (!onTrial && failures + 1 < FAILURES) {
                return new Condition(down, false, false, failures + 1, everOut, doublings, outUntilNanos);
            }
            boolean soon = everOut && now - outUntilNanos < LONGEST_OUT_NANOS;
            int doubled = soon ? Math.min(doublings + 1, DOUBLINGS_MAX) : 0;
            return new Condition(down, true, false, 0, true, doubled, now + outNanos(doubled));
        }

        Condition checked(boolean up) {
            return new Condition(!up, out && !up, onTrial && !up, up ? 0 : failures, everOut, doublings, outUntilNanos);
        }

        private static long outNanos(int doublings) {
            return Math.min(FIRST_OUT_NANOS << doublings, LONGEST_OUT_NANOS);
        }
    }

    private final Time time;
    private final AtomicReference<Condition> condition = new AtomicReference<>(Condition.FINE);

    Health(Time time) {
        this.time = time;
    }

    State state() {
        Condition current = condition.get();
        return current.untroubled() ? State.HEALTHY : current.state(time.nanos());
    }

    /** Makes the asker the trial; others see the endpoint out until its fate is known, or for as long again. */
    boolean beginTrial() {
        long now = time.nanos();
        Condition current = condition.get();
        return current.state(now) == State.TRIAL_DUE && condition.compareAndSet(current, current.tried(now));
    }

    void succeeded() {
        if (!condition.get().untroubled()) {
            condition.updateAndGet(Condition::recovered);
        }
    }

    void failed() {
        long now = time.nanos();
        condition.updateAndGet(current -> current.failed(now));
    }

    /** The active check's word. Being found up also ends what calls had brought about. */
    void checked(boolean up) {
        condition.updateAndGet(current -> current.checked(up));
    }

    /** Forgets the active check's word, since there is none any more. */
    void unchecked() {
        condition.updateAndGet(current -> new Condition(
                false, current.out, current.onTrial, current.failures, current.everOut, current.doublings,
                current.outUntilNanos));
    }

    /** How long the endpoint is still out, in nanoseconds; 0 or less when it is not. The least is the least bad. */
    long outForNanos() {
        Condition current = condition.get();
        return current.out ? current.outUntilNanos - time.nanos() : 0;
    }
}
