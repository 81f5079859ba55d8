package dev.sallyport.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.limit.Window.Period;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** When the windows of quotas and budgets begin and end. */
final class WindowClockTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final long HOUR = 3_600_000;

    @Test
    void theDayOnWhichTheClockIsPutForwardHas23Hours() {
        Span day = span(Period.DAY, BERLIN, "2027-03-28T12:00:00+02:00");

        assertThat(Instant.ofEpochMilli(day.startMillis())).isEqualTo("2027-03-27T23:00:00Z");
        assertThat(day.endMillis() - day.startMillis()).isEqualTo(23 * HOUR);
    }

    @Test
    void theDayOnWhichTheClockIsPutBackHas25Hours() {
        Span day = span(Period.DAY, BERLIN, "2026-10-25T12:00:00+01:00");

        assertThat(Instant.ofEpochMilli(day.startMillis())).isEqualTo("2026-10-24T22:00:00Z");
        assertThat(day.endMillis() - day.startMillis()).isEqualTo(25 * HOUR);
    }

    @Test
    void theHourThatIsRepeatedInAutumnIsTwo() {
        Span summer = span(Period.HOUR, BERLIN, "2026-10-25T02:30:00+02:00");
        Span winter = span(Period.HOUR, BERLIN, "2026-10-25T02:30:00+01:00");

        assertThat(summer.endMillis() - summer.startMillis()).isEqualTo(HOUR);
        assertThat(winter.startMillis()).isEqualTo(summer.endMillis());
    }

    /** In Beirut the clock goes from 23:59 to 01:00: the day begins at one. */
    @Test
    void aDayWithoutMidnightBeginsWithItsFirstInstant() {
        Span day = span(Period.DAY, ZoneId.of("Asia/Beirut"), "2026-03-29T12:00:00+03:00");

        assertThat(Instant.ofEpochMilli(day.startMillis())).isEqualTo("2026-03-28T22:00:00Z");
        assertThat(day.endMillis() - day.startMillis()).isEqualTo(23 * HOUR);
    }

    @Test
    void weeksBeginOnMondayAndMonthsOnTheFirst() {
        Span week = span(Period.WEEK, BERLIN, "2026-11-22T23:59:59+01:00");
        Span month = span(Period.MONTH, BERLIN, "2028-02-29T23:59:59+01:00");

        assertThat(Instant.ofEpochMilli(week.startMillis())).isEqualTo("2026-11-15T23:00:00Z");
        assertThat(Instant.ofEpochMilli(week.endMillis())).isEqualTo("2026-11-22T23:00:00Z");
        assertThat(Instant.ofEpochMilli(month.startMillis())).isEqualTo("2028-01-31T23:00:00Z");
        assertThat(month.endMillis() - month.startMillis()).isEqualTo(29 * 24 * HOUR);
    }

    @Test
    void calendarWindowsFollowOneAnotherWithoutGapInEveryZone() {
        SplittableRandom random = new SplittableRandom(7);
        for (String zone : new String[]{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu",
            "Australia/Lord_Howe", "Pacific/Apia"}) {
            for (Period period : Period.values()) {
                WindowClock clock = new WindowClock(new Window(period, false), ZoneId.of(zone));
                for (int i = 0; i < 300; i++) {
                    long instant = random.nextLong(1_300_000_000_000L, 1_900_000_000_000L);
                    Span span = clock.at(instant);
                    assertThat(span.holds(instant)).isTrue();
                    Span next = clock.at(span.endMillis());
                    assertThat(next.startMillis()).isEqualTo(span.endMillis());
                    assertThat(next.number()).isGreaterThan(span.number());
                    assertThat(clock.at(span.startMillis())).isEqualTo(span);
                }
            }
        }
    }

    private static Span span(Period period, ZoneId zone, String instant) {
        return new WindowClock(new Window(period, false), zone)
                .at(ZonedDateTime.parse(instant).toInstant().toEpochMilli());
    }
}
