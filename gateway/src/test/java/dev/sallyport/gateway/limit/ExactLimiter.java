package dev.sallyport.gateway.limit;

/**
 * What a rate means, written down without cleverness: a bucket of whole calls that holds {@code burst}, gets one more each
 * increment while it is not full, and begins to fill at the moment at which it stops being full. Counts in whole
 * nanoseconds, so it is exact.
 */
final class ExactLimiter {
    private final long incrementNanos;
    private final int burst;
    private long tokens;
    private long fillingSince;

    ExactLimiter(Rate rate) {
        incrementNanos = Math.ceilDiv(rate.periodNanos(), (long) rate.count());
        burst = rate.burst();
        tokens = burst;
    }

    boolean take(long now) {
        refill(now);
        if (tokens == 0) {
            return false;
        }
        if (tokens == burst) {
            fillingSince = now;
        }
        tokens--;
        return true;
    }

    long remaining(long now) {
        refill(now);
        return tokens;
    }

    /** Until the next call is added; 0 when the bucket is full. */
    long untilNextNanos(long now) {
        refill(now);
        return tokens == burst ? 0 : incrementNanos - (now - fillingSince);
    }

    private void refill(long now) {
        while (tokens < burst && now - fillingSince >= incrementNanos) {
            tokens++;
            fillingSince += incrementNanos;
        }
    }
}
