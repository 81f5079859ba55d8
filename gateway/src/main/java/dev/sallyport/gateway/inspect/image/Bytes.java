package dev.sallyport.gateway.inspect.image;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * A body, or a part of one, as unsigned numbers at offsets. Reads the buffer in whatever pieces it lies, without copying it
 * or moving its indices; does not keep it alive. Offsets count from the start of the part.
 */
final class Bytes {
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private final ByteBuffer[] pieces;
    private final int[] starts;
    private final int base;
    private final int length;
    private final boolean little;

    private ByteBuffer piece;
    private int pieceStart;
    private int pieceEnd;

    private Bytes(ByteBuffer[] pieces, int[] starts, int base, int length, boolean little) {
        this.pieces = pieces;
        this.starts = starts;
        this.base = base;
        this.length = length;
        this.little = little;
        piece = pieces[0];
        pieceEnd = starts[1];
    }

    /** The readable bytes of {@code body}, numbers in network order. */
    static Bytes of(ByteBuf body) {
        return of(body, body.readableBytes());
    }

    /** The first {@code length} readable bytes of {@code body}. */
    static Bytes of(ByteBuf body, int length) {
        ByteBuffer[] pieces = length == 0
                ? new ByteBuffer[]{ByteBuffer.allocate(0)}
                : body.nioBuffers(body.readerIndex(), length);
        int[] starts = new int[pieces.length + 1];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = pieces[i].slice();
            starts[i + 1] = starts[i] + pieces[i].remaining();
        }
        return new Bytes(pieces, starts, 0, length, false);
    }

    /** The same bytes with the least significant byte of a number first. */
    Bytes littleEndian() {
        return new Bytes(pieces, starts, base, length, true);
    }

    /** {@code count} bytes at {@code at}, which must lie within. */
    Bytes part(int at, int count, boolean littleEndian) {
        if (!has(at, count)) {
            throw new IndexOutOfBoundsException(at);
        }
        return new Bytes(pieces, starts, base + at, count, littleEndian);
    }

    int length() {
        return length;
    }

    /** Whether {@code count} bytes at {@code at} lie within; for any values, negative ones too. */
    boolean has(long at, long count) {
        return at >= 0 && count >= 0 && count <= length && at <= length - count;
    }

    /** Refuses to go on when fewer than {@code count} bytes follow {@code at}. */
    void need(long at, long count, String part) throws DefectFound {
        if (!has(at, count)) {
            throw DefectFound.truncated(part, length);
        }
    }

    int byteAt(int at) {
        if (at < 0 || at >= length) {
            throw new IndexOutOfBoundsException(at);
        }
        return raw(base + at);
    }

    int shortAt(int at) {
        int first = byteAt(at);
        int second = byteAt(at + 1);
        return little ? second << 8 | first : first << 8 | second;
    }

    long intAt(int at) {
        long first = shortAt(at);
        long second = shortAt(at + 2);
        return little ? second << 16 | first : first << 16 | second;
    }

    /** Eight bytes; negative from 2^63 on. */
    long longAt(int at) {
        long first = intAt(at);
        long second = intAt(at + 4);
        return little ? second << 32 | first : first << 32 | second;
    }

    /** Whether {@code expected} stands at {@code at}; false as well where too few bytes follow. */
    boolean matches(long at, byte[] expected) {
        if (!has(at, expected.length)) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (raw(base + (int) at + i) != (expected[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }

    /** Where {@code value} stands first from {@code from} to before {@code to}, within the part; -1: nowhere. */
    int indexOf(int value, int from, int to) {
        int at = base + from;
        int end = base + Math.min(to, length);
        while (at < end) {
            if (at < pieceStart || at >= pieceEnd) {
                moveTo(at);
            }
            int found = indexInPiece(value, at - pieceStart, Math.min(end, pieceEnd) - pieceStart);
            if (found >= 0) {
                return found + pieceStart - base;
            }
            at = pieceEnd;
        }
        return -1;
    }

    /** Eight bytes at a time: a byte of {@code word ^ pattern} is zero where it is the one sought. */
    private int indexInPiece(int value, int from, int to) {
        ByteBuffer buffer = piece;
        long pattern = ONES * value;
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long word = buffer.getLong(at) ^ pattern;
            if ((word - ONES & ~word & TOPS) != 0) {
                break;
            }
        }
        for (; at < to; at++) {
            if ((buffer.get(at) & 0xff) == value) {
                return at;
            }
        }
        return -1;
    }

    /** Feeds {@code count} bytes at {@code at} to {@code checksum}. */
    void checksum(CRC32 checksum, int at, int count) {
        int from = base + at;
        int end = from + count;
        while (from < end) {
            if (from < pieceStart || from >= pieceEnd) {
                moveTo(from);
            }
            int to = Math.min(end, pieceEnd);
            piece.limit(to - pieceStart).position(from - pieceStart);
            checksum.update(piece);
            piece.clear();
            from = to;
        }
    }

    private int raw(int at) {
        if (at < pieceStart || at >= pieceEnd) {
            moveTo(at);
        }
        return piece.get(at - pieceStart) & 0xff;
    }

    private void moveTo(int at) {
        int low = 0;
        int high = pieces.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at < starts[middle + 1]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        piece = pieces[low];
        pieceStart = starts[low];
        pieceEnd = starts[low + 1];
    }
}
