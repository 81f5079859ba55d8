package dev.sallyport.gateway.limit.journal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Reads records one after the other, from a mapped file. */
final class RecordReader {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment segment;
    private final byte[] bytes = new byte[Format.PAYLOAD_BYTES_MAX];
    private final ByteBuffer payload = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private long offset;
    private long next;

    RecordReader(MemorySegment segment, long start) {
        this.segment = segment;
        offset = start;
        next = start;
    }

    /** Whether a whole record follows, which then is the current one. */
    boolean advance() {
        offset = next;
        if (!read(offset)) {
            return false;
        }
        next = offset + Format.recordBytes(payload.limit());
        return true;
    }

    /** Where the current record begins, or, when there is no further one, where it would. */
    long offset() {
        return offset;
    }

    /** The current record's payload, from its type on; valid until the next is read. */
    ByteBuffer payload() {
        return payload;
    }

    /** The window that the rest of the payload describes. */
    AccountWindow window() {
        long start = payload.getLong();
        long end = payload.getLong();
        String account = new String(bytes, payload.position(), payload.remaining(), StandardCharsets.UTF_8);
        return new AccountWindow(account, start, end);
    }

    /** What follows where no record was found. */
    Rest rest() {
        boolean blank = true;
        for (long at = offset; at < segment.byteSize(); at += Format.WORD_BYTES) {
            boolean zero = zero(at);
            blank &= zero;
            if (!zero && at > offset && read(at)) {
                return Rest.RECORDS;
            }
        }
        return blank ? Rest.BLANK : Rest.BYTES;
    }

    /** What can follow where no record is. */
    enum Rest {
        /** Nothing but zeros. */
        BLANK,
        /** Something, of which nothing is a whole record. */
        BYTES,
        /** At least one whole record. */
        RECORDS
    }

    private boolean zero(long at) {
        if (segment.byteSize() - at >= Format.WORD_BYTES) {
            return segment.get(WORD, at) == 0;
        }
        for (long each = at; each < segment.byteSize(); each++) {
            if (segment.get(ValueLayout.JAVA_BYTE, each) != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean read(long at) {
        if (segment.byteSize() - at < Format.WORD_BYTES) {
            return false;
        }
        long word = segment.get(WORD, at);
        int length = (int) word;
        if (length <= 0 || length > Format.PAYLOAD_BYTES_MAX
                || segment.byteSize() - at < Format.recordBytes(length)) {
            return false;
        }
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, at + Format.WORD_BYTES, bytes, 0, length);
        crc.reset();
        crc.update(bytes, 0, length);
        payload.clear().limit(length);
        return crc.getValue() == word >>> 32;
    }
}
