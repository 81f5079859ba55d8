package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Fixtures.joined;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Writes a TIFF with the least significant byte first, one directory with one strip, as wrong as a test wants it. */
final class TiffBuilder {
    static final int DIRECTORY_AT = 8;

    private static final int SHORT = 3;
    private static final int LONG = 4;

    private record Field(int tag, int type, long count, long value) {}

    private final List<Field> fields = new ArrayList<>();
    private long next;
    private byte[] behind = new byte[0];

    /** 4 x 2 pixels of 8 bits in one strip of 8 bytes. */
    static TiffBuilder small() {
        return new TiffBuilder().field(256, SHORT, 1, 4).field(257, SHORT, 1, 2).field(258, SHORT, 1, 8)
                .field(259, SHORT, 1, 1)
                .field(262, SHORT, 1, 1).field(277, SHORT, 1, 1).field(278, SHORT, 1, 2).field(279, LONG, 1, 8);
    }

    /** Adds a field, or puts it in the place of the one with this tag. */
    TiffBuilder field(int tag, int type, long count, long value) {
        fields.removeIf(field -> field.tag() == tag);
        fields.add(new Field(tag, type, count, value));
        return this;
    }

    TiffBuilder without(int tag) {
        fields.removeIf(field -> field.tag() == tag);
        return this;
    }

    TiffBuilder next(long offset) {
        next = offset;
        return this;
    }

    /** What follows the strip; it begins at {@link #behindAt}. */
    TiffBuilder behind(byte[] bytes) {
        behind = bytes;
        return this;
    }

    /** Where {@link #behind} begins when {@code more} fields are added. */
    int behindAt(int more) {
        boolean strip = fields.stream().anyMatch(field -> field.tag() == 273);
        return DIRECTORY_AT + 2 + 12 * (fields.size() + more + (strip ? 0 : 1)) + 4 + 8;
    }

    byte[] build() {
        if (fields.stream().noneMatch(field -> field.tag() == 273 || field.tag() == 324)) {
            field(273, LONG, 1, behindAt(0) - 8);
        }
        return joined(Fixtures.latin("II*\0"), Chunks.little32(DIRECTORY_AT), directory(), new byte[8], behind);
    }

    /** The directory alone, for one that lies behind another. */
    byte[] directory() {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        target.writeBytes(Chunks.little16(fields.size()));
        fields.stream().sorted(Comparator.comparingInt(Field::tag)).forEach(field -> target.writeBytes(joined(
                Chunks.little16(field.tag()), Chunks.little16(field.type()), Chunks.little32(field.count()),
                Chunks.little32(field.value()))));
        target.writeBytes(Chunks.little32(next));
        return target.toByteArray();
    }
}
