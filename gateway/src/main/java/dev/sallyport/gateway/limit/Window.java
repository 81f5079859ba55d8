package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

/**
 * The time for which a quota or budget holds before it begins anew.
 *
 * @param rolling false: the hours, days, weeks (from Monday) or months of the calendar; true: any stretch that is so long
 */
public record Window(Period period, boolean rolling) {
    /** How long it is. */
    public enum Period {
        HOUR("h", 3_600_000L), DAY("day", 86_400_000L), WEEK("week", 604_800_000L), MONTH("month", 2_678_400_000L);

        private final String text;
        private final long millis;

        Period(String text, long millis) {
            this.text = text;
            this.millis = millis;
        }

        public String text() {
            return text;
        }

        /** The length of a rolling window, in milliseconds; a month has 31 days. */
        public long millis() {
            return millis;
        }
    }

    public Window {
        requireNonNull(period, "period is null");
    }

    /** As it is configured, such as {@code day} or {@code rolling day}. */
    public String text() {
        return rolling ? "rolling " + period.text() : period.text();
    }

    @Override
    public String toString() {
        return text();
    }
}
