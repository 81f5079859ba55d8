package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.limit.journal.AccountWindow;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What one owner has used and reserved of one unit in one kind of window. All event loops change it by compare-and-set. It
 * ends by being retired: from then on nothing changes it, and whoever finds it so looks its key up anew.
 */
final class Account {
    static final long REFUSED = Long.MIN_VALUE + 1;
    static final long RETIRED = Long.MIN_VALUE + 2;

    private static final VarHandle TALLY = tallyHandle();

    private final AccountKey key;
    private volatile Tally tally;
    private volatile @Nullable AccountWindow window;

    Account(AccountKey key) {
        this.key = requireNonNull(key, "key is null");
        tally = Tally.empty(WindowClock.spans(key.window()));
    }

    private static VarHandle tallyHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Account.class, "tally", Tally.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    AccountKey key() {
        return key;
    }

    /** What the journal is to write {@code span} of this account down as. */
    AccountWindow window(Span span) {
        AccountWindow known = window;
        if (known == null || known.windowStartMillis() != span.startMillis()
                || known.windowEndMillis() != span.endMillis()) {
            known = new AccountWindow(key.text(), span.startMillis(), span.endMillis());
            window = known;
        }
        return known;
    }

    /**
     * Reserves {@code amount} when with it no more than {@code cap} is used.
     *
     * @param number of the current span
     * @return the number of the span in which it counts; {@link #REFUSED} or {@link #RETIRED} when it was not reserved
     */
    long reserve(long amount, long cap, long number) {
        while (true) {
            Tally current = tally;
            if (current == Tally.RETIRED) {
                return RETIRED;
            }
            Tally now = current.advanced(number);
            if (amount > cap - now.sum()) {
                return REFUSED;
            }
            if (TALLY.compareAndSet(this, current, now.plus(now.newest(), amount))) {
                return now.newest();
            }
        }
    }

    /** Counts as much of {@code amount} as fits below {@code cap}; how much that was, or {@link #RETIRED}. */
    long reserveWhatFits(long amount, long cap, long number) {
        while (true) {
            Tally current = tally;
            if (current == Tally.RETIRED) {
                return RETIRED;
            }
            Tally now = current.advanced(number);
            long fits = Math.clamp(cap - now.sum(), 0, amount);
            if (fits == 0 || TALLY.compareAndSet(this, current, now.plus(now.newest(), fits))) {
                return fits;
            }
        }
    }

    /** Counts {@code amount} whatever the cap: what an earlier run of the gateway has used. */
    void recover(long amount, long number) {
        while (true) {
            Tally current = tally;
            Tally now = current.advanced(number);
            if (!now.counts(number) || TALLY.compareAndSet(this, current, now.plus(number, amount))) {
                return;
            }
        }
    }

    /** Gives back what was reserved in span {@code number}, unless that no longer counts. */
    void giveBack(long amount, long number) {
        while (amount > 0) {
            Tally current = tally;
            if (current == Tally.RETIRED || !current.counts(number)
                    || TALLY.compareAndSet(this, current, current.plus(number, -amount))) {
                return;
            }
        }
    }

    /** What counts as used in the span {@code number} and before. */
    long used(long number) {
        return tally.advanced(number).sum();
    }

    /** How long until {@code amount} more fits, in milliseconds; -1 when it never will. */
    long untilFitsMillis(long amount, long cap, Span span, long epochMillis) {
        if (amount > cap) {
            return -1;
        }
        Tally now = tally.advanced(span.number());
        if (amount <= cap - now.sum()) {
            return 0;
        }
        if (!key.window().rolling()) {
            return span.endMillis() - epochMillis;
        }
        long used = now.sum();
        long number = now.newest() - WindowClock.PIECES;
        for (; number < now.newest(); number++) {
            used -= now.of(number);
            if (amount <= cap - used) {
                break;
            }
        }
        return WindowClock.pieceEndMillis(key.window(), number) - epochMillis;
    }

    boolean retireIfIdle(long number) {
        Tally current = tally;
        return current != Tally.RETIRED && current.advanced(number).sum() == 0
                && TALLY.compareAndSet(this, current, Tally.RETIRED);
    }
}
