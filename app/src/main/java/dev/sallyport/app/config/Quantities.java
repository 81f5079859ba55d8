package dev.sallyport.app.config;

import dev.sallyport.app.config.Notation.Malformed;
import java.util.Map;
import java.util.TreeMap;

/** The notations with a unit: durations and sizes. A number without its unit is refused. */
final class Quantities {
    /** Milliseconds, from 1 ms to 366 days. */
    static final Notation<Long> DURATION =
            new Notation<>("a duration such as `10 s`, in ms, s, min, h or day",
                    ValueSchema.matching("0*[1-9][0-9]{0,14}[ \\t]*(ms|s|min|h|day)"), Quantities::duration);

    /** Bytes, from 0 to 1 TiB. */
    static final Notation<Long> SIZE =
            new Notation<>("a size such as `5 MiB`, in B, KiB, MiB, GiB, kB, MB or GB",
                    ValueSchema.matching("[0-9]{1,15}[ \\t]*(B|KiB|MiB|GiB|kB|MB|GB)"), Quantities::size);

    static final long DURATION_MILLIS_MAX = 366L * 24 * 3_600_000;
    static final long SIZE_BYTES_MAX = 1L << 40;

    private static final Map<String, Long> MILLIS_BY_UNIT =
            Map.of("ms", 1L, "s", 1_000L, "min", 60_000L, "h", 3_600_000L, "day", 86_400_000L);

    private static final Map<String, Long> BYTES_BY_UNIT =
            Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "kB", 1_000L, "MB", 1_000_000L, "GB",
                    1_000_000_000L);

    /** What people write, and what they mean by it. */
    private static final Map<String, String> DURATION_SLIPS = slips(Map.ofEntries(
            Map.entry("sec", "s"), Map.entry("secs", "s"), Map.entry("second", "s"), Map.entry("seconds", "s"),
            Map.entry("m", "min"),
            Map.entry("mins", "min"), Map.entry("minute", "min"), Map.entry("minutes", "min"), Map.entry("hr", "h"),
            Map.entry("hour", "h"),
            Map.entry("hours", "h"), Map.entry("d", "day"), Map.entry("days", "day"), Map.entry("msec", "ms"),
            Map.entry("millis", "ms"),
            Map.entry("milliseconds", "ms")));

    private static final Map<String, String> SIZE_SLIPS = slips(Map.ofEntries(
            Map.entry("b", "B"), Map.entry("byte", "B"), Map.entry("bytes", "B"), Map.entry("k", "KiB"),
            Map.entry("m", "MiB"),
            Map.entry("g", "GiB"), Map.entry("kb", "kB"), Map.entry("mb", "MB"), Map.entry("gb", "GB"),
            Map.entry("kib", "KiB"),
            Map.entry("mib", "MiB"), Map.entry("gib", "GiB")));

    private Quantities() {}

    private static long duration(String text) throws Malformed {
        long millis = quantity(text, MILLIS_BY_UNIT, DURATION_SLIPS, "s", "ms, s, min, h or day", DURATION_MILLIS_MAX,
                "366 day");
        if (millis == 0) {
            throw new Malformed(Shown.quoted(text) + " is no time at all; write at least `1 ms`");
        }
        return millis;
    }

    private static long size(String text) throws Malformed {
        return quantity(text, BYTES_BY_UNIT, SIZE_SLIPS, "MiB", "B, KiB, MiB, GiB, kB, MB or GB", SIZE_BYTES_MAX,
                "1024 GiB");
    }

    private static long quantity(
            String text, Map<String, Long> factors, Map<String, String> slips, String usual, String units, long maximum,
            String shownMaximum)
            throws Malformed {
        int digits = 0;
        while (digits < text.length() && isDigit(text.charAt(digits))) {
            digits++;
        }
        String number = text.substring(0, digits);
        String unit = text.substring(digits).strip();
        if (number.isEmpty() || unit.startsWith(".") || unit.startsWith(",")) {
            throw new Malformed(
                    Shown.quoted(text) + " is not a whole number with a unit; write for example `10 " + usual + "`");
        }
        if (unit.isEmpty()) {
            throw new Malformed(Shown.quoted(text) + " has no unit; write for example `" + Shown.plainly(number) + " "
                    + usual + "`");
        }
        Long factor = factors.get(unit);
        if (factor == null) {
            String meant = slips.get(unit);
            throw new Malformed("the unit " + Shown.quoted(unit) + " is none of " + units
                    + (meant == null ? "" : "; did you mean `" + Shown.plainly(number) + " " + meant + "`?"));
        }
        if (number.length() > 15 || Long.parseLong(number) > maximum / factor) {
            throw new Malformed(Shown.quoted(text) + " is more than `" + shownMaximum + "`, the most that is allowed");
        }
        return Long.parseLong(number) * factor;
    }

    static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static Map<String, String> slips(Map<String, String> meanings) {
        Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(meanings);
        return anyCase;
    }
}
