package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** What a call costs for each of something. A call's cost is the sum of the model's prices, rounded up once to a millionth. */
public sealed interface Price {
    /** Decimals that a price may have. */
    int DECIMALS = 12;

    /** Million-millionths of the currency's unit, for one. */
    long picos();

    /** @throws ArithmeticException when the price has more decimals than {@value #DECIMALS}, or is beyond 9,000,000 */
    static long picos(BigDecimal amount) {
        return amount.setScale(DECIMALS, RoundingMode.UNNECESSARY).unscaledValue().longValueExact();
    }

    /** What is counted before a call is forwarded. */
    enum Per {
        CALL("call", 1), INSTANCE("instance", 1), MEGAPIXEL("megapixel", 1_000_000), KIB("KiB", 1_024);

        private final String text;
        private final int divisor;

        Per(String text, int divisor) {
            this.text = text;
            this.divisor = divisor;
        }

        public String text() {
            return text;
        }

        /** How many of what {@code Measure} counts are one of it. */
        int divisor() {
            return divisor;
        }
    }

    /** For each of what is known before the call is forwarded, pro rata. */
    record Each(long picos, Per per) implements Price {
        public Each {
            requireNonNull(per, "per is null");
            requireNotNegative(picos);
        }
    }

    /**
     * For each unit that the model says were used.
     *
     * @param usage    where the model says so
     * @param reserve  units that are held until it has, and charged when it does not, at least 1
     * @param perEvent units that each event of a stream counts as while no event has stated any, 0 or more
     */
    record Metered(long picos, Usage usage, long reserve, long perEvent) implements Price {
        public Metered {
            requireNonNull(usage, "usage is null");
            requireNotNegative(picos);
            if (reserve < 1 || perEvent < 0) {
                throw new IllegalArgumentException("reserve must be at least 1 and perEvent not negative");
            }
        }
    }

    private static void requireNotNegative(long picos) {
        if (picos < 0) {
            throw new IllegalArgumentException("a price is negative");
        }
    }
}
