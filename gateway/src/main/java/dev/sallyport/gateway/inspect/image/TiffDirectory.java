package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.DefectFound.malformed;

import dev.sallyport.gateway.inspect.image.Defect.Kind;
import org.jspecify.annotations.Nullable;

/** One directory of a TIFF: the size of its image, where its pixels lie, and where the next directory is. */
final class TiffDirectory {
    private static final int FIELDS_MAX = 1_000;
    private static final int SAMPLES_MAX = 64;
    private static final int BITS_MAX = 64;
    private static final int OLD_JPEG = 6;
    private static final int PLANES_APART = 2;

    private final TiffFile file;
    private final int at;

    private long width;
    private long height;
    private long compression = 1;
    private long samples = 1;
    private long rowsPerStrip = Long.MAX_VALUE;
    private long planes = 1;
    private long tileWidth;
    private long tileHeight;
    private long next;
    private boolean metadata;
    private int lastTag = -1;
    private @Nullable TiffField bits;
    private @Nullable TiffField offsets;
    private @Nullable TiffField byteCounts;
    private @Nullable TiffField directories;
    private @Nullable TiffField exif;
    private @Nullable TiffField position;
    private @Nullable TiffField interoperability;

    private TiffDirectory(TiffFile file, int at) {
        this.file = file;
        this.at = at;
    }

    /** Reads the directory at {@code offset}: all its fields lie within the body. */
    static TiffDirectory read(TiffFile file, long offset) throws DefectFound {
        int at = file.refer(offset, file.fieldCountBytes(), "a directory");
        TiffDirectory directory = new TiffDirectory(file, at);
        directory.fields(file.fieldCount(at));
        return directory;
    }

    private void fields(long count) throws DefectFound {
        if (count < 1 || count > FIELDS_MAX) {
            throw count == 0
                    ? malformed("A directory has no fields.", at)
                    : new DefectFound(Kind.TOO_MANY_PARTS, "A directory has more than " + FIELDS_MAX + " fields.", at);
        }
        int first = at + file.fieldCountBytes();
        long length = count * file.fieldBytes() + file.offsetBytes();
        file.refer(first, length, "a directory");
        file.read(length, at);
        for (int i = 0; i < count; i++) {
            field(first + i * file.fieldBytes());
        }
        next = file.offset(first + (int) count * file.fieldBytes());
    }

    private void field(int fieldAt) throws DefectFound {
        Bytes bytes = file.bytes();
        int type = bytes.shortAt(fieldAt + 2);
        int valueBytes = TiffField.valueBytes(type);
        long count = file.offset(fieldAt + 4);
        if (valueBytes == 0) {
            return;
        }
        int valueAt = fieldAt + 4 + file.offsetBytes();
        if (count < 0 || count > file.offsetBytes() / valueBytes) {
            bytes.need(0, count, "a field's values");
            valueAt = file.refer(file.offset(valueAt), count * valueBytes, "a field's values");
        }
        int tag = bytes.shortAt(fieldAt);
        if (tag <= lastTag) {
            throw malformed("The fields of a directory are repeated or not in order.", fieldAt);
        }
        lastTag = tag;
        TiffField field = new TiffField(tag, type, count, valueAt);
        metadata |= !field.isStructural();
        file.look(field);
        note(field);
    }

    private void note(TiffField field) throws DefectFound {
        Bytes bytes = file.bytes();
        switch (field.tag()) {
            case TiffField.WIDTH -> width = field.value(bytes, 0);
            case TiffField.HEIGHT -> height = field.value(bytes, 0);
            case TiffField.BITS_PER_SAMPLE -> bits = field;
            case TiffField.COMPRESSION -> compression = field.value(bytes, 0);
            case TiffField.SAMPLES_PER_PIXEL -> samples = field.value(bytes, 0);
            case TiffField.ROWS_PER_STRIP -> rowsPerStrip = field.value(bytes, 0);
            case TiffField.PLANAR_CONFIGURATION -> planes = field.value(bytes, 0);
            case TiffField.TILE_WIDTH -> tileWidth = field.value(bytes, 0);
            case TiffField.TILE_HEIGHT -> tileHeight = field.value(bytes, 0);
            case TiffField.STRIP_OFFSETS, TiffField.TILE_OFFSETS -> offsets = once(offsets, field);
            case TiffField.STRIP_BYTE_COUNTS, TiffField.TILE_BYTE_COUNTS -> byteCounts = once(byteCounts, field);
            case TiffField.DIRECTORIES -> directories = field;
            case TiffField.EXIF_DIRECTORY -> exif = field;
            case TiffField.GPS_DIRECTORY -> position = field;
            case TiffField.INTEROPERABILITY_DIRECTORY -> interoperability = field;
            default -> {} // no other field says where something lies
        }
    }

    private static TiffField once(@Nullable TiffField before, TiffField field) throws DefectFound {
        if (before != null) {
            throw malformed("A directory says twice where the pixels lie.", field.valueAt());
        }
        return field;
    }

    /** Counts its image, and checks that all pixels lie within the body. */
    void image(Tally tally) throws DefectFound {
        if (width < 1 || height < 1) {
            throw malformed("An image has no width or no height.", at);
        }
        tally.frame(width, height, at);
        if (compression == OLD_JPEG) {
            throw DefectFound.unsupported("JPEG in the form of TIFF 6.0 (compression 6) is not read.", at);
        }
        if (samples < 1 || samples > SAMPLES_MAX || bitsPerPixel() < 1) {
            throw DefectFound.unsupported("An image has samples that are not read.", at);
        }
        tally.wide(Tally.product(Tally.product(width, height), (bitsPerPixel() - 1) / Tally.WIDE_BITS), at);
        if (offsets == null || byteCounts == null) {
            throw malformed("An image does not say where its pixels lie.", at);
        }
        long expected = offsets.tag() == TiffField.TILE_OFFSETS ? tiles(tally) : strips();
        if (planes == PLANES_APART) {
            expected = Tally.product(expected, samples);
        }
        if (offsets.count() != expected || byteCounts.count() != expected) {
            throw malformed("An image does not have the " + expected + " strips or tiles that its size needs.", at);
        }
        pixels(offsets, byteCounts, (int) expected);
    }

    private long strips() throws DefectFound {
        if (rowsPerStrip < 1) {
            throw malformed("The strips of an image have no rows.", at);
        }
        return rowsPerStrip >= height ? 1 : (height - 1) / rowsPerStrip + 1;
    }

    private long tiles(Tally tally) throws DefectFound {
        if (tileWidth < 1 || tileHeight < 1) {
            throw malformed("The tiles of an image have no width or no height.", at);
        }
        tally.buffer(tileWidth, tileHeight, at);
        return Tally.product((width - 1) / tileWidth + 1, (height - 1) / tileHeight + 1);
    }

    private void pixels(TiffField from, TiffField lengths, int count) throws DefectFound {
        file.read((long) count * TiffField.valueBytes(from.type()), from.valueAt());
        file.read((long) count * TiffField.valueBytes(lengths.type()), lengths.valueAt());
        for (int i = 0; i < count; i++) {
            long length = lengths.value(file.bytes(), i);
            if (length == 0) {
                throw malformed("A strip or tile is empty.", at);
            }
            file.refer(from.value(file.bytes(), i), length, "the pixels");
        }
    }

    /** Bits of all samples of a pixel as stored; 0: some sample has none, or more than 64. */
    int bitsPerPixel() throws DefectFound {
        if (bits == null) {
            return (int) samples;
        }
        long sum = 0;
        for (int i = 0; i < samples; i++) {
            long bitsPerSample = bits.value(file.bytes(), bits.count() == samples ? i : 0);
            if (bitsPerSample < 1 || bitsPerSample > BITS_MAX) {
                return 0;
            }
            sum += bitsPerSample;
        }
        return (int) sum;
    }

    long width() {
        return width;
    }

    long height() {
        return height;
    }

    /** Where the next directory of its chain is; 0: there is none. */
    long next() {
        return next;
    }

    boolean metadata() {
        return metadata;
    }

    /** Where directories with further images are. */
    @Nullable
    TiffField directories() {
        return directories;
    }

    /** Where directories are that have no image: Exif, position, interoperability. */
    @Nullable
    TiffField[] furtherFields() {
        return new TiffField[]{exif, position, interoperability};
    }
}
