package dev.sallyport.gateway.limit.journal;

import static java.util.Objects.requireNonNull;

/**
 * One account in one window of time: what amounts are added up under.
 *
 * @param account           whose, and in which unit; at most {@value Format#ACCOUNT_BYTES_MAX} bytes of UTF-8
 * @param windowStartMillis epoch milliseconds, inclusive
 * @param windowEndMillis   epoch milliseconds, exclusive; from then on the journal may forget what was spent
 */
public record AccountWindow(String account, long windowStartMillis, long windowEndMillis) {
    public AccountWindow {
        requireNonNull(account, "account is null");
        if (windowEndMillis <= windowStartMillis) {
            throw new IllegalArgumentException("the window ends before it starts: " + account);
        }
    }

    boolean ended(long epochMillis) {
        return windowEndMillis <= epochMillis;
    }
}
