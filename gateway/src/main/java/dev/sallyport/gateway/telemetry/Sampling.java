package dev.sallyport.gateway.telemetry;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Which calls are traced.
 *
 * @param ratio     the share of all calls, from 0 to 1
 * @param requested of calls that a trusted proxy asks to have traced, how many; beyond them the ratio decides
 * @param failures  of calls that did not succeed and were not chosen otherwise, how many; null: none
 */
public record Sampling(double ratio, Allowance requested, @Nullable Allowance failures) {
    public Sampling {
        requireNonNull(requested, "requested is null");
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("ratio is not between 0 and 1: " + ratio);
        }
    }

    /** So many calls per period, of which {@code burst} may come at once. */
    public record Allowance(int count, long periodNanos, int burst) {
        public Allowance {
            if (count < 1 || periodNanos < count || burst < 1) {
                throw new IllegalArgumentException("nothing would be allowed");
            }
        }
    }
}
