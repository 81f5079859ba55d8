package dev.sallyport.gateway.identity;

/**
 * What is remembered of a network whose credentials were wrong, in nanoseconds of one clock.
 *
 * @param arrivalNanos the theoretical arrival time of the generic cell rate algorithm, counted in failures
 * @param waits        how often in a row it has had to wait
 * @param untilNanos   until when it has to wait; meaningless when it never had to
 * @param forgetNanos  from when nothing of this matters
 */
record Failures(long arrivalNanos, int waits, long untilNanos, long forgetNanos) {
    static final Failures NONE = new Failures(0, 0, 0, 0);

    /** What is remembered after one failure more. */
    Failures oneMore(long now, FailureLimit limit) {
        if (waits > 0 && now < forgetNanos) {
            return waiting(arrivalNanos, waits + 1, now, limit);
        }
        long arrival = Math.max(arrivalNanos, now) + limit.intervalNanos();
        boolean oneMoreFits = arrival - now <= (limit.failures() - 1) * limit.intervalNanos();
        return oneMoreFits ? new Failures(arrival, 0, 0, arrival) : waiting(arrival, 1, now, limit);
    }

    private static Failures waiting(long arrival, int waits, long now, FailureLimit limit) {
        long until = now + limit.delayNanos(waits);
        return new Failures(arrival, waits, until, until + Math.max(limit.delayMaxNanos(), limit.periodNanos()));
    }

    /** How long a credential still has to wait; 0 when it need not. */
    long delayNanos(long now) {
        return waits == 0 ? 0 : Math.max(0, untilNanos - now);
    }
}
