package dev.sallyport.gateway.limit.journal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands at the beginning of a journal file: mark and version (8 bytes), then the fields of this record (8 each), a
 * CRC-32C of all that (8), how far the file has been forced to the disk (8), zeros.
 *
 * @param sequence higher than that of every older file
 * @param run      tells the processes apart that have written to the directory
 * @param writer   whose file it is
 * @param ordinal  the how-manieth of that writer in that run, from 0
 */
record FileHeader(long sequence, long run, long writer, long ordinal) {
    static final int BYTES = 64;

    private static final long MARK = 0x31_4C4E_524A_5953L | (long) Format.VERSION << 56;
    private static final int CHECKED_BYTES = 40;
    private static final int FORCED_OFFSET = 48;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    void write(MemorySegment segment) {
        byte[] bytes = encoded();
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        segment.set(LONG, CHECKED_BYTES, crc(bytes));
        forced(segment, BYTES);
    }

    private byte[] encoded() {
        return ByteBuffer.allocate(CHECKED_BYTES).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(MARK).putLong(sequence).putLong(run).putLong(writer).putLong(ordinal)
                .array();
    }

    /** Null when there is no sound header. */
    static @Nullable FileHeader read(MemorySegment segment) {
        if (segment.byteSize() < BYTES) {
            return null;
        }
        FileHeader header = new FileHeader(segment.get(LONG, 8), segment.get(LONG, 16), segment.get(LONG, 24),
                segment.get(LONG, 32));
        boolean sound = segment.get(LONG, 0) == MARK && segment.get(LONG, CHECKED_BYTES) == crc(header.encoded());
        return sound ? header : null;
    }

    private static long crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return crc.getValue();
    }

    /** Up to where the file has been forced to the disk. */
    static long forced(MemorySegment segment) {
        return segment.get(LONG, FORCED_OFFSET);
    }

    static void forced(MemorySegment segment, long offset) {
        segment.set(LONG, FORCED_OFFSET, offset);
    }
}
