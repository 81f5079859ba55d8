package dev.sallyport.gateway.call;

import java.util.Arrays;

/**
 * The nanosecond at which each phase of one call ended.
 *
 * <p>Times are readings of the injected nano clock. A phase that did not occur has no mark. When several attempts were
 * made, the marks are those of the last one. Not safe for use by several threads.
 */
public final class Timeline {
    private static final Phase[] PHASES = Phase.values();
    private static final long UNMARKED = Long.MIN_VALUE;

    private final long beganNanos;
    private final long[] endedNanos = new long[PHASES.length];

    /** @param beganNanos when the first byte of the request arrived */
    public Timeline(long beganNanos) {
        this.beganNanos = beganNanos;
        Arrays.fill(endedNanos, UNMARKED);
    }

    public long beganNanos() {
        return beganNanos;
    }

    public void mark(Phase phase, long nowNanos) {
        endedNanos[phase.ordinal()] = nowNanos;
    }

    public boolean marked(Phase phase) {
        return endedNanos[phase.ordinal()] != UNMARKED;
    }

    /** When {@code phase} ended; meaningful only when it is marked. */
    public long endedNanos(Phase phase) {
        return endedNanos[phase.ordinal()];
    }

    /**
     * How long {@code phase} took: from the end of the nearest marked phase before it; -1 when it did not occur. The
     * time between a handshake and the first byte of a request belongs to no phase.
     */
    public long durationNanos(Phase phase) {
        long ended = endedNanos[phase.ordinal()];
        if (ended == UNMARKED) {
            return -1;
        }
        for (int before = phase.ordinal() - 1; before >= 0; before--) {
            long started = endedNanos[before];
            if (started != UNMARKED) {
                boolean acrossTheStart = started - beganNanos < 0 && ended - beganNanos >= 0;
                return Math.max(0, ended - (acrossTheStart ? beganNanos : started));
            }
        }
        return Math.max(0, ended - beganNanos);
    }

    /** From the first byte of the request to the end of the last phase that occurred; 0 when none did. */
    public long totalNanos() {
        for (int last = endedNanos.length - 1; last >= 0; last--) {
            if (endedNanos[last] != UNMARKED) {
                return Math.max(0, endedNanos[last] - beganNanos);
            }
        }
        return 0;
    }

    /** From the first byte of the request to {@code nowNanos}. */
    public long sinceBeganNanos(long nowNanos) {
        return nowNanos - beganNanos;
    }
}
