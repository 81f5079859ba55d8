package dev.sallyport.gateway.limit.journal;

import static java.util.Objects.requireNonNull;

/**
 * What a reservation takes from one account.
 *
 * @param amount micro-units of money, or a count; not negative
 */
public record JournalEntry(AccountWindow window, long amount) {
    public JournalEntry {
        requireNonNull(window, "window is null");
        if (amount < 0) {
            throw new IllegalArgumentException("amount is negative: " + window.account());
        }
    }
}
