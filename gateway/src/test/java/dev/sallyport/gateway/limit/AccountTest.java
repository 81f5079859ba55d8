package dev.sallyport.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.limit.Window.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What an account promises of windows, whatever the order of events. */
final class AccountTest {
    private static final long BEGIN = 1_800_000_000_000L;

    private record Event(long millis, long amount) {}

    /** The oracle looks at every stretch of the window's length that begins with an event. */
    @Test
    void inNoStretchOfARollingWindowsLengthMoreThanTheAmountIsUsed() {
        for (Period period : Period.values()) {
            for (int seed = 0; seed < 40; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                Window window = new Window(period, true);
                WindowClock clock = new WindowClock(window, ZoneOffset.UTC);
                Account account = account(window);
                long cap = random.nextLong(1, 500);
                long now = BEGIN;
                List<Event> reserved = new ArrayList<>();
                for (int i = 0; i < 400; i++) {
                    now += random.nextLong(period.millis() / random.nextLong(2, 300));
                    long amount = random.nextLong(1, cap / 3 + 2);
                    long number = account.reserve(amount, cap, clock.at(now).number());
                    if (number == Account.REFUSED) {
                        continue;
                    }
                    long kept = random.nextInt(3) == 0 ? random.nextLong(amount + 1) : amount;
                    account.giveBack(amount - kept, number);
                    reserved.add(new Event(now, kept));
                }
                assertThat(reserved).hasSizeGreaterThan(5);
                for (Event first : reserved) {
                    long used = reserved.stream().filter(each -> each.millis() >= first.millis()
                            && each.millis() < first.millis() + period.millis()).mapToLong(Event::amount).sum();
                    assertThat(used).as("%s, seed %d", period, seed).isLessThanOrEqualTo(cap);
                }
            }
        }
    }

    @Test
    void aRollingWindowLetsGoOfWhatIsOlderThanItselfAndOnePiece() {
        Window window = new Window(Period.DAY, true);
        WindowClock clock = new WindowClock(window, ZoneOffset.UTC);
        Account account = account(window);
        assertThat(account.reserve(10, 10, clock.at(BEGIN).number())).isNotEqualTo(Account.REFUSED);

        long until = account.untilFitsMillis(1, 10, clock.at(BEGIN), BEGIN);

        assertThat(until).isBetween(Period.DAY.millis(), Period.DAY.millis() * 61 / 60);
        assertThat(account.reserve(1, 10, clock.at(BEGIN + until - 1).number())).isEqualTo(Account.REFUSED);
        assertThat(account.reserve(10, 10, clock.at(BEGIN + until).number())).isNotEqualTo(Account.REFUSED);
    }

    @Test
    void whoWaitsAsToldFindsRoom() {
        for (boolean rolling : new boolean[]{true, false}) {
            SplittableRandom random = new SplittableRandom(3);
            Window window = new Window(Period.HOUR, rolling);
            WindowClock clock = new WindowClock(window, ZoneOffset.UTC);
            Account account = account(window);
            long now = BEGIN;
            int refused = 0;
            for (int i = 0; i < 2_000; i++) {
                now += random.nextLong(300_000);
                long amount = random.nextLong(1, 40);
                if (account.reserve(amount, 100, clock.at(now).number()) == Account.REFUSED) {
                    refused++;
                    long wait = account.untilFitsMillis(amount, 100, clock.at(now), now);
                    assertThat(wait).isPositive();
                    assertThat(account.reserve(amount, 100, clock.at(now + wait - 1).number()))
                            .isEqualTo(Account.REFUSED);
                    now += wait;
                    assertThat(account.reserve(amount, 100, clock.at(now).number())).isNotEqualTo(Account.REFUSED);
                }
            }
            assertThat(refused).isPositive();
        }
    }

    @Test
    void whatNeverFitsIsSaidSo() {
        Window window = new Window(Period.DAY, false);
        WindowClock clock = new WindowClock(window, ZoneOffset.UTC);

        assertThat(account(window).untilFitsMillis(11, 10, clock.at(BEGIN), BEGIN)).isEqualTo(-1);
    }

    @Test
    void whatIsGivenBackAfterItsWindowChangesNothingOfTheNext() {
        Account account = account(new Window(Period.DAY, false));
        long first = account.reserve(10, 10, 1);
        assertThat(account.reserve(7, 10, 2)).isEqualTo(2);

        account.giveBack(10, first);

        assertThat(account.used(2)).isEqualTo(7);
    }

    /** A clock that is set back must not open a window again that was used up, nor a new one. */
    @Test
    void aClockThatGoesBackOpensNoWindow() {
        Account account = account(new Window(Period.DAY, false));
        account.reserve(10, 10, 5);

        assertThat(account.reserve(1, 10, 4)).isEqualTo(Account.REFUSED);
        assertThat(account.used(4)).isEqualTo(10);
    }

    @Test
    void aCapThatIsLoweredBelowWhatIsUsedRefusesWithoutForgetting() {
        Account account = account(new Window(Period.DAY, false));
        account.reserve(8, 10, 1);

        assertThat(account.reserve(1, 5, 1)).isEqualTo(Account.REFUSED);
        assertThat(account.reserveWhatFits(1, 5, 1)).isZero();
        assertThat(account.reserveWhatFits(9, 10, 1)).isEqualTo(2);
    }

    @Test
    void amountsNearTheEndOfTheRangeNeverWrap() {
        Account account = account(new Window(Period.DAY, false));
        assertThat(account.reserve(Long.MAX_VALUE, Long.MAX_VALUE, 1)).isEqualTo(1);

        assertThat(account.reserve(1, Long.MAX_VALUE, 1)).isEqualTo(Account.REFUSED);
        account.recover(Long.MAX_VALUE, 1);
        assertThat(account.used(1)).isEqualTo(Long.MAX_VALUE);
        assertThat(account.reserve(1, 10, 1)).isEqualTo(Account.REFUSED);
    }

    private static Account account(Window window) {
        return new Account(new AccountKey(Owner.CALLER, "partner", Unit.CALLS, window));
    }
}
