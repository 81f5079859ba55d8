package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

/**
 * A quota or a budget: how much may be used in a window.
 *
 * @param amount calls, instances, or millionths of a currency's unit; at least 1
 */
public record Allowance(Unit unit, long amount, Window window) {
    public Allowance {
        requireNonNull(unit, "unit is null");
        requireNonNull(window, "window is null");
        if (amount < 1) {
            throw new IllegalArgumentException("an allowance is below 1");
        }
    }

    public static Allowance budget(Money money, Window window) {
        return new Allowance(new Unit.Currency(money.currency()), money.micros(), window);
    }
}
