package dev.sallyport.gateway.identity;

/**
 * How often credentials of one network may be wrong. When {@code failures} were wrong within {@code periodNanos}, the next
 * has to wait for as long as one of them counts, at least a second; each one that is wrong after a wait doubles the next wait.
 *
 * @param failures      at least 1
 * @param periodNanos   above 0
 * @param delayMaxNanos the longest wait, at least a second
 */
public record FailureLimit(int failures, long periodNanos, long delayMaxNanos) {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int DOUBLINGS_MAX = 30;

    /** 10 a minute, and up to 5 minutes. */
    public static final FailureLimit STANDARD = new FailureLimit(10, 60 * SECOND_NANOS, 300 * SECOND_NANOS);

    public FailureLimit {
        if (failures < 1 || periodNanos < failures) {
            throw new IllegalArgumentException("failures or periodNanos is too small");
        }
        if (delayMaxNanos < SECOND_NANOS) {
            throw new IllegalArgumentException("delayMaxNanos is below a second");
        }
    }

    /** How long one failure counts. */
    long intervalNanos() {
        return periodNanos / failures;
    }

    /** @param waits how many there have been, this one included, at least 1 */
    long delayNanos(int waits) {
        long first = Math.min(Math.max(intervalNanos(), SECOND_NANOS), delayMaxNanos);
        int doublings = Math.min(waits - 1, DOUBLINGS_MAX);
        return first > delayMaxNanos >> doublings ? delayMaxNanos : first << doublings;
    }
}
