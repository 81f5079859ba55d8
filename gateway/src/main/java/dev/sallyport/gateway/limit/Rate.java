package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

/**
 * So many calls in so long a time.
 *
 * @param count       calls, or instances, per period, at least 1
 * @param periodNanos the period, 1 ms to 3,660 days
 * @param burst       how many calls may come at once, at least 1; the default of the notation is {@code count}
 * @param scope       what each counter belongs to
 * @param instances   whether it is instances that are counted, and not calls
 */
public record Rate(int count, long periodNanos, int burst, Scope scope, boolean instances) {
    /** What a counter is kept for. */
    public enum Scope {
        /** One for the caller or model on which the rate stands. */
        WHOLE,
        /** One for each client address (IPv4 address, IPv6 /64) within it. */
        ADDRESS
    }

    private static final long PERIOD_NANOS_MIN = 1_000_000;
    private static final long PERIOD_NANOS_MAX = 3_660L * 24 * 3_600 * 1_000_000_000;

    /** A rate of calls. */
    public Rate(int count, long periodNanos, int burst, Scope scope) {
        this(count, periodNanos, burst, scope, false);
    }

    public Rate {
        requireNonNull(scope, "scope is null");
        if (count < 1 || burst < 1 || periodNanos < PERIOD_NANOS_MIN || periodNanos > PERIOD_NANOS_MAX) {
            throw new IllegalArgumentException(
                    "count and burst must be at least 1 and the period from 1 ms to 3,660 days");
        }
    }
}
