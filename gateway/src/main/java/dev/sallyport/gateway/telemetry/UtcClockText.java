package dev.sallyport.gateway.telemetry;

import static java.time.ZoneOffset.UTC;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** Writes instants as RFC 3339 text in UTC with milliseconds; makes the part down to the second once per second. */
final class UtcClockText {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.");

    private long second = Long.MIN_VALUE;
    private String prefix = "";

    String text(long epochMillis) {
        long wanted = Math.floorDiv(epochMillis, 1_000L);
        if (wanted != second) {
            second = wanted;
            prefix = LocalDateTime.ofEpochSecond(wanted, 0, UTC).format(SECONDS);
        }
        int millis = (int) Math.floorMod(epochMillis, 1_000L);
        return prefix + (char) ('0' + millis / 100) + (char) ('0' + millis / 10 % 10) + (char) ('0' + millis % 10)
                + 'Z';
    }
}
