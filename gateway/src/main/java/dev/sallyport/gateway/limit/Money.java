package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An exact amount of money.
 *
 * @param micros   millionths of the currency's unit, 0 or more
 * @param currency its code, three capital letters (ISO 4217)
 */
public record Money(long micros, String currency) {
    /** Decimals that an amount may have. */
    public static final int DECIMALS = 6;

    public Money {
        requireNonNull(currency, "currency is null");
        if (micros < 0) {
            throw new IllegalArgumentException("an amount of money is negative");
        }
    }

    /** @throws ArithmeticException when the amount has more decimals than {@value #DECIMALS}, or is beyond 9,000,000,000,000 */
    public static Money of(BigDecimal amount, String currency) {
        return new Money(amount.setScale(DECIMALS, RoundingMode.UNNECESSARY).unscaledValue().longValueExact(),
                currency);
    }

    /** For example {@code 0.002 USD}. */
    @Override
    public String toString() {
        return plain(micros) + " " + currency;
    }

    private static String plain(long micros) {
        BigDecimal amount = BigDecimal.valueOf(micros, DECIMALS).stripTrailingZeros();
        return amount.scale() < 0 ? amount.setScale(0).toPlainString() : amount.toPlainString();
    }
}
