package dev.sallyport.gateway.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.time.ZoneOffset.UTC;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** Writes instants as RFC 3339 text in UTC with milliseconds; makes the part down to the second once per second. */
final class UtcClockText {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");

    private long second = Long.MIN_VALUE;
    private byte[] text = new byte[0];

    /** The text of {@code epochMillis}; the array is good until the next call. */
    byte[] text(long epochMillis) {
        long wanted = Math.floorDiv(epochMillis, 1_000L);
        if (wanted != second) {
            second = wanted;
            text = (LocalDateTime.ofEpochSecond(wanted, 0, UTC).format(SECONDS) + ".000Z").getBytes(ISO_8859_1);
        }
        int millis = (int) Math.floorMod(epochMillis, 1_000L);
        int last = text.length - 2;
        text[last] = (byte) ('0' + millis % 10);
        text[last - 1] = (byte) ('0' + millis / 10 % 10);
        text[last - 2] = (byte) ('0' + millis / 100);
        return text;
    }
}
