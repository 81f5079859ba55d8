package dev.sallyport.gateway.limit.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Writes a checkpoint beside the one before, and puts it in its place when it is whole and on the disk. */
final class CheckpointWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final JournalDirectory directory;
    private final Path unfinished;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final RecordEncoder encoder = new RecordEncoder();
    private long records;
    private long bytes;

    CheckpointWriter(JournalDirectory directory) throws IOException {
        this.directory = directory;
        unfinished = directory.unfinished(directory.checkpoint());
        channel = directory.create(unfinished);
    }

    void begin(long nextNumber, long nextSequence) throws IOException {
        encoder.begin(Format.BEGIN).add(Format.VERSION).add(nextNumber).add(nextSequence);
        append();
    }

    void folded(long sequence) throws IOException {
        encoder.begin(Format.FOLDED).add(sequence);
        append();
    }

    void open(OpenReservation reservation) throws IOException {
        encoder.begin(Format.OPEN).add(reservation.id()).add(reservation.deadlineEpochMillis())
                .add(reservation.entries().size());
        append();
        for (JournalEntry each : reservation.entries()) {
            encoder.begin(Format.PART).add(each.amount()).add(each.window());
            append();
        }
    }

    void total(AccountWindow window, long amount) throws IOException {
        encoder.begin(Format.TOTAL).add(amount).add(window);
        append();
    }

    /** Makes this the checkpoint; its size in bytes. */
    long commit() throws IOException {
        encoder.begin(Format.END).add(records);
        append();
        flush();
        channel.force(true);
        directory.rename(unfinished, directory.checkpoint());
        return bytes;
    }

    private void append() throws IOException {
        int length = encoder.end();
        if (buffer.remaining() < length) {
            flush();
        }
        buffer.put(encoder.bytes(), 0, length);
        records++;
        bytes += length;
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        directory.delete(unfinished);
    }
}
