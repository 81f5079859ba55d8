package dev.sallyport.gateway.limit.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one journal file and adds what it says to totals.
 *
 * <p>The end of a file may be torn: a process that is killed leaves its last record unfinished, and a power failure loses
 * pages that were not yet forced. What was forced and is followed by more cannot be lost in either way; where it is
 * unreadable, the file was damaged, and nobody knows what was spent.
 */
final class Replay {
    private final Path path;
    private final Totals totals;
    private final List<AccountWindow> declared = new ArrayList<>();
    private long records;

    private Replay(Path path, Totals totals) {
        this.path = path;
        this.totals = totals;
    }

    /**
     * What was in a file.
     *
     * @param folded   whether it was passed over, since the checkpoint contains it
     * @param repaired what was lost at its end; null: nothing
     */
    record Replayed(FileHeader header, boolean folded, long records, @Nullable String repaired) {}

    /**
     * Adds the records of a file to {@code totals}, unless it is one of {@code folded}.
     *
     * @throws JournalException when the file is damaged
     */
    static Replayed replay(Path path, Set<Long> folded, Totals totals) throws IOException {
        try (Arena arena = Arena.ofConfined(); FileChannel channel = FileChannel.open(path)) {
            MemorySegment segment = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            FileHeader header = FileHeader.read(segment);
            if (header == null) {
                throw damaged(path, 0, "its header is damaged or of another version");
            }
            return folded.contains(header.sequence())
                    ? new Replayed(header, true, 0, null)
                    : new Replay(path, totals).records(header, segment);
        }
    }

    static JournalException damaged(Path path, long offset, String what) {
        return new JournalException(("%s: at byte %d, %s, so nobody knows what was spent;"
                + " put the file back from a copy, or move it away and accept that what it holds is not counted")
                .formatted(path, offset, what), null);
    }

    private Replayed records(FileHeader header, MemorySegment segment) {
        RecordReader reader = new RecordReader(segment, FileHeader.BYTES);
        while (reader.advance()) {
            apply(reader);
            records++;
        }
        return new Replayed(header, false, records, end(reader, FileHeader.forced(segment)));
    }

    private void apply(RecordReader reader) {
        ByteBuffer payload = reader.payload();
        try {
            switch (payload.get()) {
                case Format.DECLARE -> declare(payload.getInt(), reader);
                case Format.RESERVE -> reserve(payload);
                case Format.SETTLE -> settle(payload);
                default -> throw damaged(path, reader.offset(), "a record is of no type that belongs here");
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException senseless) {
            throw damaged(path, reader.offset(), "a record makes no sense");
        }
    }

    private void declare(int index, RecordReader reader) {
        if (index != declared.size()) {
            throw damaged(path, reader.offset(), "an account is declared out of turn");
        }
        declared.add(reader.window());
    }

    private void reserve(ByteBuffer payload) {
        long id = payload.getLong();
        long deadline = payload.getLong();
        List<JournalEntry> entries = new ArrayList<>(ReservationId.entries(id));
        for (int i = 0; i < ReservationId.entries(id); i++) {
            AccountWindow window = declared.get(payload.getInt());
            entries.add(new JournalEntry(window, payload.getLong()));
        }
        totals.reserved(new OpenReservation(id, deadline, entries));
    }

    private void settle(ByteBuffer payload) {
        long id = payload.getLong();
        long[] used = new long[ReservationId.entries(id)];
        for (int i = 0; i < used.length; i++) {
            used[i] = payload.getLong();
        }
        totals.settled(id, used);
    }

    private @Nullable String end(RecordReader reader, long forced) {
        long end = reader.offset();
        return switch (reader.rest()) {
            case RECORDS -> {
                if (end < forced) {
                    throw damaged(path, end, "a record is damaged that others follow");
                }
                yield "%s: what was written from byte %d on is dropped: a power failure lost a part of it"
                        .formatted(path, end);
            }
            case BYTES -> torn(end, forced);
            case BLANK -> end < forced ? torn(end, forced) : null;
        };
    }

    private String torn(long end, long forced) {
        if (forced - end > Format.recordBytes(Format.PAYLOAD_BYTES_MAX)) {
            throw damaged(path, end, "%d bytes of records are missing".formatted(forced - end));
        }
        return "%s: the last record, at byte %d, is torn and was dropped".formatted(path, end);
    }
}
