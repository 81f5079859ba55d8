package dev.sallyport.gateway.inspect.image;

import org.jspecify.annotations.Nullable;

/** The index of a multi-picture JPEG: where further pictures begin behind the first. CIPA DC-007, section 5.2.3. */
final class MultiPictureIndex {
    private static final int NAME_BYTES = 4;
    private static final int FIELD_BYTES = 12;
    private static final int FIELDS_MAX = 16;
    private static final int ENTRIES_TAG = 0xb002;
    private static final int ENTRY_BYTES = 16;

    private final Bytes index;
    private final int base;
    private final int entries;
    private final int count;

    private MultiPictureIndex(Bytes index, int base, int entries, int count) {
        this.index = index;
        this.base = base;
        this.entries = entries;
        this.count = count;
    }

    /** Reads the segment whose {@code count} bytes, its name first, stand at {@code start}; null: it names no picture. */
    static @Nullable MultiPictureIndex read(Bytes bytes, int start, int count) {
        int base = start + NAME_BYTES;
        int length = count - NAME_BYTES;
        if (!bytes.matches(base, Signatures.TIFF_LITTLE) && !bytes.matches(base, Signatures.TIFF_BIG) || length < 8) {
            return null;
        }
        Bytes index = bytes.part(base, length, bytes.matches(base, Signatures.TIFF_LITTLE));
        long directory = index.intAt(4);
        if (!index.has(directory, 2)) {
            return null;
        }
        int fields = Math.min(index.shortAt((int) directory), FIELDS_MAX);
        for (int i = 0; i < fields; i++) {
            long field = directory + 2 + (long) i * FIELD_BYTES;
            if (!index.has(field, FIELD_BYTES)) {
                return null;
            }
            if (index.shortAt((int) field) == ENTRIES_TAG) {
                long size = index.intAt((int) field + 4);
                long offset = index.intAt((int) field + 8);
                return index.has(offset, size)
                        ? new MultiPictureIndex(index, base, (int) offset, (int) size / ENTRY_BYTES)
                        : null;
            }
        }
        return null;
    }

    /** Where the next picture at or behind {@code at} begins, counted from the start of the body; -1: it names none there. */
    long next(int at) {
        long next = -1;
        for (int i = 1; i < count; i++) {
            long start = start(i);
            if (start >= at && (next < 0 || start < next)) {
                next = start;
            }
        }
        return next;
    }

    private long start(int picture) {
        return base + index.intAt(entries + picture * ENTRY_BYTES + 8);
    }
}
