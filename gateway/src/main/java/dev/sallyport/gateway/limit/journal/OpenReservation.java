package dev.sallyport.gateway.limit.journal;

import java.util.List;

/**
 * What was reserved and not settled when the process ended. It counts as spent until its deadline.
 *
 * @param deadlineEpochMillis from when on it is released
 */
public record OpenReservation(long id, long deadlineEpochMillis, List<JournalEntry> entries) {
    public OpenReservation {
        entries = List.copyOf(entries);
    }
}
