package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

/**
 * So many calls in so long a time.
 *
 * @param count       calls per period, at least 1
 * @param periodNanos the period, at least 1 ms
 * @param burst       how many calls may come at once, at least 1; the default of the notation is {@code count}
 * @param scope       what each counter belongs to
 */
public record Rate(int count, long periodNanos, int burst, Scope scope) {
    /** What a counter is kept for. */
    public enum Scope {
        /** One for the caller or model on which the rate stands. */
        WHOLE,
        /** One for each client address (IPv4 address, IPv6 /64) within it. */
        ADDRESS
    }

    public Rate {
        requireNonNull(scope, "scope is null");
        if (count < 1 || burst < 1 || periodNanos < 1_000_000) {
            throw new IllegalArgumentException("count and burst must be at least 1 and the period at least 1 ms");
        }
    }
}
