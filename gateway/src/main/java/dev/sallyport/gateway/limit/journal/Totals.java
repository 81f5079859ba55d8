package dev.sallyport.gateway.limit.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What reservations and settlements add up to. */
final class Totals {
    private final Map<AccountWindow, Long> spent = new HashMap<>();
    private final Map<Long, OpenReservation> open;
    private long nextNumber;
    private long unknown;

    Totals(Map<Long, OpenReservation> open, long nextNumber) {
        this.open = new LinkedHashMap<>(open);
        this.nextNumber = nextNumber;
    }

    void reserved(OpenReservation reservation) {
        open.put(reservation.id(), reservation);
        atLeast(ReservationId.number(reservation.id()) + 1);
    }

    /** @param used per entry of the reservation */
    void settled(long id, long[] used) {
        OpenReservation reservation = open.remove(id);
        if (reservation == null) {
            unknown++;
            return;
        }
        for (int i = 0; i < used.length; i++) {
            add(reservation.entries().get(i).window(), used[i]);
        }
    }

    /** Adds to what was spent; a sum that no long holds stays at the highest. */
    void add(AccountWindow window, long amount) {
        spent.merge(window, amount, Totals::sum);
    }

    static long sum(long left, long right) {
        long sum = left + right;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    void atLeast(long number) {
        nextNumber = Math.max(nextNumber, number);
    }

    /** Releases what processes that have ended reserved until now. */
    void release(long firstNumberOfThisRun, long epochMillis) {
        open.values().removeIf(each -> ReservationId.number(each.id()) < firstNumberOfThisRun
                && each.deadlineEpochMillis() <= epochMillis);
    }

    void forgetEnded(long epochMillis) {
        spent.keySet().removeIf(each -> each.ended(epochMillis));
    }

    Map<AccountWindow, Long> spent() {
        return spent;
    }

    Map<Long, OpenReservation> open() {
        return open;
    }

    List<OpenReservation> openReservations() {
        return new ArrayList<>(open.values());
    }

    /** Above the number in every id that was seen. */
    long nextNumber() {
        return nextNumber;
    }

    /** How many settlements named no open reservation. */
    long unknown() {
        return unknown;
    }
}
