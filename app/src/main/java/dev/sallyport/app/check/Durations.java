package dev.sallyport.app.check;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How durations and dates are written in findings: durations as the configuration writes them. */
final class Durations {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Durations() {}

    static String text(long millis) {
        if (millis % 1_000 != 0) {
            return millis + " ms";
        }
        long seconds = millis / 1_000;
        return seconds < 600 || seconds % 60 != 0 ? seconds + " s"
                : seconds % 3_600 != 0 ? seconds / 60 + " min" : seconds / 3_600 + " h";
    }

    /** The day in UTC. */
    static String date(Instant instant) {
        return DATE.format(instant);
    }
}
