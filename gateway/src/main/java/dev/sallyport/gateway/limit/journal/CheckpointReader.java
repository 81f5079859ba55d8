package dev.sallyport.gateway.limit.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a checkpoint from its beginning to its end. */
final class CheckpointReader {
    /** Hears what a checkpoint says, in its order. */
    interface Listener {
        /**
         * The counters from which the next process goes on.
         *
         * @param nextNumber   above that of every reservation
         * @param nextSequence above that of every file
         */
        void begin(long nextNumber, long nextSequence);

        /** The records of this file are part of the checkpoint. */
        void folded(long sequence);

        void open(OpenReservation reservation);

        void total(AccountWindow window, long amount) throws IOException;
    }

    private final Path path;
    private final Listener listener;

    private CheckpointReader(Path path, Listener listener) {
        this.path = path;
        this.listener = listener;
    }

    /** @throws JournalException when the checkpoint is damaged */
    static void read(Path path, Listener listener) throws IOException {
        try (Arena arena = Arena.ofConfined(); FileChannel channel = FileChannel.open(path)) {
            RecordReader reader = new RecordReader(
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), 0);
            new CheckpointReader(path, listener).read(reader);
        }
    }

    private void read(RecordReader reader) throws IOException {
        try {
            for (long records = 0;; records++) {
                if (!reader.advance()) {
                    throw Replay.damaged(path, reader.offset(), "a record is damaged or missing");
                }
                ByteBuffer payload = reader.payload();
                byte type = payload.get();
                if (records == 0 != (type == Format.BEGIN)) {
                    throw Replay.damaged(path, reader.offset(), "the records are out of order");
                }
                if (type == Format.END) {
                    if (payload.getLong() != records) {
                        throw Replay.damaged(path, reader.offset(), "records are missing");
                    }
                    return;
                }
                records += apply(type, payload, reader);
            }
        } catch (BufferUnderflowException | IllegalArgumentException senseless) {
            throw Replay.damaged(path, reader.offset(), "a record makes no sense");
        }
    }

    /** How many further records were read. */
    private int apply(byte type, ByteBuffer payload, RecordReader reader) throws IOException {
        switch (type) {
            case Format.BEGIN -> begin(payload);
            case Format.FOLDED -> listener.folded(payload.getLong());
            case Format.OPEN -> {
                return open(payload, reader);
            }
            case Format.TOTAL -> {
                long amount = payload.getLong();
                listener.total(reader.window(), amount);
            }
            default -> throw Replay.damaged(path, reader.offset(), "a record is of no type that belongs here");
        }
        return 0;
    }

    private void begin(ByteBuffer payload) {
        if (payload.getInt() != Format.VERSION) {
            throw Replay.damaged(path, 0, "it is of another version");
        }
        listener.begin(payload.getLong(), payload.getLong());
    }

    private int open(ByteBuffer payload, RecordReader reader) {
        long id = payload.getLong();
        long deadline = payload.getLong();
        int count = payload.getInt();
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (!reader.advance() || reader.payload().get() != Format.PART) {
                throw Replay.damaged(path, reader.offset(), "a part of a reservation is missing");
            }
            long amount = reader.payload().getLong();
            entries.add(new JournalEntry(reader.window(), amount));
        }
        listener.open(new OpenReservation(id, deadline, entries));
        return count;
    }
}
