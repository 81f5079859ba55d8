package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import org.jspecify.annotations.Nullable;

/**
 * Tells which span an instant belongs to. Days, weeks and months are those of a time zone, so a day may have 23 or 25
 * hours; an hour is one of the clock there, and the hour that is repeated in autumn is two.
 *
 * <p>A rolling window is cut into {@value #PIECES} pieces. The piece that is under way counts beside as many whole ones, so
 * that in no stretch of the window's length more than the amount is used, and what was used is given back up to a piece late.
 */
final class WindowClock {
    static final int PIECES = 60;

    private final Window window;
    private final ZoneId zone;
    private volatile Span span = new Span(0, 0, 0, 0);

    WindowClock(Window window, ZoneId zone) {
        this.window = requireNonNull(window, "window is null");
        this.zone = requireNonNull(zone, "zone is null");
    }

    Window window() {
        return window;
    }

    /** Of how many spans what was used counts: the current one and those before it. */
    static int spans(Window window) {
        return window.rolling() ? PIECES + 1 : 1;
    }

    Span at(long epochMillis) {
        Span known = span;
        if (known.holds(epochMillis)) {
            return known;
        }
        Span found = window.rolling() ? piece(epochMillis) : calendar(epochMillis);
        span = found;
        return found;
    }

    /** The number of the span that began at {@code startMillis}; null when it counts no longer, as far as one can tell. */
    @Nullable
    Long numberOf(long startMillis, long endMillis, long nowMillis) {
        if (endMillis <= nowMillis) {
            return null;
        }
        // The time zone may be another than it was then, and what was used must count in some window.
        return window.rolling() ? Math.floorDiv(startMillis, window.period().millis() / PIECES)
                : at(nowMillis).number();
    }

    /** When a span of a rolling window stops being counted. */
    static long pieceEndMillis(Window window, long number) {
        return (number + PIECES + 1) * (window.period().millis() / PIECES);
    }

    private Span piece(long epochMillis) {
        long width = window.period().millis() / PIECES;
        long number = Math.floorDiv(epochMillis, width);
        return new Span(number, number * width, (number + 1) * width, pieceEndMillis(window, number));
    }

    private Span calendar(long epochMillis) {
        ZonedDateTime now = Instant.ofEpochMilli(epochMillis).atZone(zone);
        ZonedDateTime start = switch (window.period()) {
            case HOUR -> now.truncatedTo(ChronoUnit.HOURS);
            case DAY -> startOf(now);
            case WEEK -> startOf(now.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
            case MONTH -> startOf(now.withDayOfMonth(1));
        };
        ZonedDateTime end = switch (window.period()) {
            case HOUR -> start.plusHours(1);
            case DAY -> startOf(start.plusDays(1));
            case WEEK -> startOf(start.plusWeeks(1));
            case MONTH -> startOf(start.plusMonths(1));
        };
        long startMillis = start.toInstant().toEpochMilli();
        long endMillis = end.toInstant().toEpochMilli();
        return new Span(startMillis, startMillis, endMillis, endMillis);
    }

    /** The first instant of that day, which is not midnight where the clock is put forward then. */
    private ZonedDateTime startOf(ZonedDateTime day) {
        return day.toLocalDate().atStartOfDay(zone);
    }
}
