package dev.sallyport.gateway.limit.journal;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Appends reservations and settlements; confined to one thread. What it has appended survives {@code kill -9} when the method
 * returns. It never blocks: the next file is made by another thread while this one fills.
 *
 * <p>Each file keeps room for the settlements of all reservations that are open, so a settlement never fails for want of room.
 */
public final class JournalWriter {
    private static final VarHandle RECORDS = handle("records");
    private static final VarHandle REFUSED = handle("refused");

    private final Journal journal;
    private final long stride;
    private final RecordEncoder encoder = new RecordEncoder();
    private final Map<AccountWindow, Integer> declared = new HashMap<>();
    private final int[] indexes = new int[Format.ENTRIES_MAX];
    private final byte[] @Nullable [] accounts = new byte[Format.ENTRIES_MAX][];
    private final AtomicReference<@Nullable JournalFile> spare = new AtomicReference<>();
    private volatile JournalFile file;
    private long nextNumber;
    /** Bytes that the settlements of open reservations will take. */
    private long owed;
    private long records;
    private long refused;

    JournalWriter(Journal journal, JournalFile first, long firstNumber, int stride) {
        this.journal = journal;
        file = first;
        nextNumber = firstNumber;
        this.stride = stride;
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(JournalWriter.class, field, long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /**
     * Notes that these amounts are reserved.
     *
     * @param deadlineEpochMillis until when they count as spent, should this process end without having settled them
     * @param entries             1 to 255, in any order
     * @return the reservation's id, which is to be settled on this writer
     * @throws JournalException when there is no room, or the disk fails; then nothing is reserved
     */
    public long reserve(long deadlineEpochMillis, List<JournalEntry> entries) {
        int count = entries.size();
        if (count < 1 || count > Format.ENTRIES_MAX) {
            throw new IllegalArgumentException("a reservation has 1 to 255 entries, not " + count);
        }
        int owing = Format.settleBytes(count);
        if (!fits(prepare(entries), owing)) {
            advance();
            if (!fits(prepare(entries), owing)) {
                throw refuse("too many reservations are open");
            }
        }
        long id = ReservationId.of(nextNumber, count);
        try {
            declareNew(entries);
            encoder.begin(Format.RESERVE).add(id).add(deadlineEpochMillis);
            for (int i = 0; i < count; i++) {
                encoder.add(indexes[i]).add(entries.get(i).amount());
            }
            append();
        } catch (InternalError | IllegalStateException failure) { // the disk failed under the mapping, or it was closed
            throw refuse(String.valueOf(failure.getMessage()));
        }
        nextNumber += stride;
        owed += owing;
        return id;
    }

    /**
     * Notes what was used of a reservation, which ends it; once.
     *
     * @param used per entry of the reservation, in its order; not negative, may be more than was reserved
     * @throws JournalException when the disk fails; then the reservation stays until its deadline
     */
    public void settle(long reservation, long[] used) {
        if (used.length != ReservationId.entries(reservation)) {
            throw new IllegalArgumentException("the reservation has %d entries, not %d"
                    .formatted(ReservationId.entries(reservation), used.length));
        }
        encoder.begin(Format.SETTLE).add(reservation);
        for (long each : used) {
            if (each < 0) {
                throw new IllegalArgumentException("an amount is negative");
            }
            encoder.add(each);
        }
        owed = Math.max(0, owed - Format.settleBytes(used.length));
        try {
            append();
        } catch (InternalError | IllegalStateException | IndexOutOfBoundsException failure) {
            throw JournalException.unavailable("the spending journal cannot be written: " + failure.getMessage());
        }
    }

    /** Looks the accounts up; how many bytes the reservation and the declarations that it needs take. */
    private int prepare(List<JournalEntry> entries) {
        int bytes = Format.reserveBytes(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            AccountWindow window = requireNonNull(entries.get(i)).window();
            Integer index = declared.get(window);
            indexes[i] = index == null ? -1 : index;
            accounts[i] = null;
            if (index == null) {
                byte[] account = RecordEncoder.utf8(window.account());
                accounts[i] = account;
                bytes += Format.declareBytes(account.length);
            }
        }
        return bytes;
    }

    private boolean fits(int bytes, int owing) {
        return file.fits(bytes + owed + owing);
    }

    private void declareNew(List<JournalEntry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            byte[] account = accounts[i];
            if (account == null) {
                continue;
            }
            AccountWindow window = entries.get(i).window();
            Integer twice = declared.get(window);
            if (twice == null) {
                twice = declared.size();
                encoder.begin(Format.DECLARE).add(twice.intValue())
                        .add(window.windowStartMillis()).add(window.windowEndMillis()).add(account);
                append();
                declared.put(window, twice);
            }
            indexes[i] = twice;
        }
    }

    private void append() {
        file.append(encoder, encoder.end());
        RECORDS.setOpaque(this, records + 1);
    }

    /** Goes on with the next file. */
    private void advance() {
        JournalFile next = spare.getAndSet(null);
        journal.spareWanted();
        if (next == null) {
            throw refuse("no new file could be made, or not in time");
        }
        JournalFile full = file;
        file = next;
        declared.clear();
        journal.finished(full);
    }

    private JournalException refuse(String why) {
        REFUSED.setOpaque(this, refused + 1);
        return JournalException.unavailable("the spending journal takes no reservation: " + why);
    }

    boolean wantsSpare() {
        return spare.get() == null;
    }

    void spare(JournalFile made) {
        spare.set(made);
    }

    /** The file that is being written. */
    JournalFile file() {
        return file;
    }

    /** Takes the file that was not begun; null when there is none. */
    @Nullable
    JournalFile takeSpare() {
        return spare.getAndSet(null);
    }

    long records() {
        return (long) RECORDS.getOpaque(this);
    }

    long refused() {
        return (long) REFUSED.getOpaque(this);
    }
}
