package dev.sallyport.gateway.limit;

import java.math.BigInteger;

/**
 * The generic cell rate algorithm in its virtual scheduling form (ITU-T I.371 annex A; ATM Forum Traffic Management 4.1,
 * section 4.4.1): a call conforms when it does not come earlier than the theoretical arrival time (TAT) less a tolerance.
 *
 * <p>All of a counter is one number, its TAT. A conforming call moves it from {@code max(TAT, now)} one increment on, and
 * conforms when it then lies at most {@code burst} increments ahead. Times are nanoseconds of one monotonic clock.
 * Each increment is rounded up to a whole nanosecond, so that the rate is never exceeded.
 *
 * @param incrementNanos between two calls at the steady rate, at least 1
 * @param aheadNanos     how far TAT may lie ahead: {@code burst} increments
 */
record Gcra(long incrementNanos, long aheadNanos) {
    private static final long AHEAD_NANOS_MAX = Long.MAX_VALUE / 4;

    static Gcra of(Rate rate) {
        long increment = Math.ceilDiv(rate.periodNanos(), (long) rate.count());
        BigInteger ahead = BigInteger.valueOf(increment).multiply(BigInteger.valueOf(rate.burst()));
        return new Gcra(increment, ahead.min(BigInteger.valueOf(AHEAD_NANOS_MAX)).longValue());
    }

    /** The TAT after one more call, whether or not it conforms. */
    long next(long tat, long now) {
        return next(tat, now, 1);
    }

    /** The TAT after so many at once, of which there are at most as many as the burst. */
    long next(long tat, long now, long units) {
        return Math.max(tat, now) + units * incrementNanos;
    }

    boolean conforms(long next, long now) {
        return next - now <= aheadNanos;
    }

    /** How many calls may come at once. */
    long remaining(long tat, long now) {
        return Math.max(0, (aheadNanos - Math.max(0, tat - now)) / incrementNanos);
    }

    /** How long until so many at once conform; 0 when they do. */
    long untilConformingNanos(long tat, long now, long units) {
        return Math.max(0, next(tat, now, units) - now - aheadNanos);
    }

    /** How long until one call more than now may come, with {@code tat} ahead of {@code now}; 0 when none is used. */
    long untilNextNanos(long tat, long now) {
        long used = tat - now;
        return used <= 0 ? 0 : used - aheadNanos + (remaining(tat, now) + 1) * incrementNanos;
    }
}
