package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/**
 * What a caller may spend in a period. Nothing can be spent while no model has a price, so it is not enforced yet.
 *
 * @param amount   above zero
 * @param currency three capital letters (ISO 4217)
 * @param period   {@code h}, {@code day}, {@code week} or {@code month}
 */
public record Budget(BigDecimal amount, String currency, String period) {
    public Budget {
        requireNonNull(amount, "amount is null");
        requireNonNull(currency, "currency is null");
        requireNonNull(period, "period is null");
    }
}
