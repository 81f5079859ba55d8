package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Time;
import java.util.concurrent.TimeUnit;

/**
 * Whether one endpoint may be used, by what calls and checks of it have shown. Safe for use by several threads.
 *
 * <p>{@value #FAILURES} failures in a row (no connection, no answer, an answer of 5xx) take the endpoint out for two
 * seconds, and for twice as long each time it fails again soon, up to a minute. When that time is over one call goes
 * there as a trial, and its fate decides. The reading of a healthy endpoint is one volatile read.
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

    private final Time time;
    private volatile boolean troubled;
    private boolean out;
    private boolean everOut;
    private boolean down;
    private boolean onTrial;
    private int failures;
    private int doublings;
    private long outUntilNanos;

    Health(Time time) {
        this.time = time;
    }

    State state() {
        return troubled ? troubledState() : State.HEALTHY;
    }

    private synchronized State troubledState() {
        if (down) {
            return State.DOWN;
        }
        if (!out) {
            return State.HEALTHY;
        }
        return outUntilNanos - time.nanos() <= 0 ? State.TRIAL_DUE : State.OUT;
    }

    /** Makes the asker the trial; others see the endpoint out until the trial's fate is known, or as long again. */
    synchronized boolean beginTrial() {
        long now = time.nanos();
        if (!out || outUntilNanos - now > 0) {
            return false;
        }
        onTrial = true;
        outUntilNanos = now + outNanos();
        return true;
    }

    void succeeded() {
        if (troubled) {
            recovered();
        }
    }

    private synchronized void recovered() {
        failures = 0;
        out = false;
        onTrial = false;
        troubled = down;
    }

    synchronized void failed() {
        long now = time.nanos();
        troubled = true;
        if (out && !onTrial) {
            return; // calls that were under way when it was taken out tell nothing new
        }
        failures++;
        if (!onTrial && failures < FAILURES) {
            return;
        }
        doublings = everOut && now - outUntilNanos < LONGEST_OUT_NANOS ? Math.min(doublings + 1, DOUBLINGS_MAX) : 0;
        everOut = true;
        out = true;
        onTrial = false;
        failures = 0;
        outUntilNanos = now + outNanos();
    }

    private long outNanos() {
        return Math.min(FIRST_OUT_NANOS << doublings, LONGEST_OUT_NANOS);
    }

    /** The active check's word. Being found up also ends what calls had brought about. */
    synchronized void checked(boolean up) {
        down = !up;
        if (up) {
            recovered();
        } else {
            troubled = true;
        }
    }

    /** Forgets the active check's word, since there is none any more. */
    synchronized void unchecked() {
        down = false;
        troubled = out || failures > 0;
    }

    /** How long the endpoint is still out, in nanoseconds; 0 or less when it is not. The least is the least bad. */
    synchronized long outForNanos() {
        return out ? outUntilNanos - time.nanos() : 0;
    }
}
