package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.limit.journal.JournalEntry;
import dev.sallyport.gateway.limit.journal.JournalWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was taken of several accounts at once, all or nothing, and written down; settled once. Confined to one event loop. */
final class Batch {
    private final List<Hold> holds;
    private final @Nullable JournalWriter writer;
    private final long journalId;

    private Batch(List<Hold> holds, @Nullable JournalWriter writer, long journalId) {
        this.holds = holds;
        this.writer = writer;
        this.journalId = journalId;
    }

    List<Hold> holds() {
        return holds;
    }

    /** Takes all of {@code holds}; the first that could not be taken, and then none is. */
    static @Nullable Hold take(List<Hold> holds, Accounts accounts, long nowMillis) {
        for (int i = 0; i < holds.size(); i++) {
            if (!holds.get(i).take(accounts, nowMillis)) {
                giveBack(holds, i);
                return holds.get(i);
            }
        }
        return null;
    }

    private static void giveBack(List<Hold> holds, int count) {
        for (int i = 0; i < count; i++) {
            holds.get(i).giveBack(holds.get(i).amount());
        }
    }

    /**
     * Writes down what was taken; when that fails, it is given back.
     *
     * @param deadlineMillis until when it counts should the process end before
     */
    static Batch record(List<Hold> holds, Accounts accounts, long deadlineMillis) {
        try {
            JournalWriter writer = accounts.writer();
            if (writer == null) {
                return new Batch(holds, null, 0);
            }
            List<JournalEntry> entries = new ArrayList<>(holds.size());
            for (int i = 0; i < holds.size(); i++) {
                entries.add(holds.get(i).journalEntry());
            }
            return new Batch(holds, writer, writer.reserve(deadlineMillis, entries));
        } catch (RuntimeException unwritten) {
            giveBack(holds, holds.size());
            throw unwritten;
        }
    }

    /**
     * Keeps what was used and gives the rest back.
     *
     * @param counted whether calls and instances are kept
     * @param micros  how much of each hold on money is kept
     */
    void settle(boolean counted, long micros) {
        long[] used = new long[holds.size()];
        for (int i = 0; i < used.length; i++) {
            Hold hold = holds.get(i);
            used[i] = switch (hold.unit()) {
                case Unit.Currency _ -> Math.min(micros, hold.amount());
                case Unit.Calls _,Unit.Instances _ -> counted ? hold.amount() : 0;
            };
            hold.giveBack(hold.amount() - used[i]);
        }
        if (writer != null) {
            writer.settle(journalId, used);
        }
    }
}
