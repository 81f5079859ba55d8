package dev.sallyport.gateway.inspect.image;

import dev.sallyport.gateway.inspect.image.Defect.Kind;

/** A TIFF's bytes, how its numbers are written, how far what it refers to reaches, and how much of it has been read. */
final class TiffFile {
    private static final int BIG_VERSION = 43;
    private static final int PADDING_BYTES_MAX = 15;

    private final Bytes bytes;
    private final boolean big;
    private final SecondFormat secondFormat;

    private long end;
    private long bytesRead;

    private TiffFile(Bytes bytes, boolean big, SecondFormat secondFormat) {
        this.bytes = bytes;
        this.big = big;
        this.secondFormat = secondFormat;
        end = headerBytes();
    }

    /** The file that {@code bytes}, which begin with a TIFF's signature, may hold. */
    static TiffFile of(Bytes bytes, SecondFormat secondFormat) throws DefectFound {
        Bytes ordered = bytes.byteAt(0) == 'I' ? bytes.littleEndian() : bytes;
        TiffFile file = new TiffFile(ordered, ordered.shortAt(2) == BIG_VERSION, secondFormat);
        bytes.need(0, file.headerBytes(), "the header");
        if (file.big && (ordered.shortAt(4) != 8 || ordered.shortAt(6) != 0)) {
            throw DefectFound.malformed("The header says that offsets do not have 8 bytes.", 4);
        }
        return file;
    }

    Bytes bytes() {
        return bytes;
    }

    private int headerBytes() {
        return big ? 16 : 8;
    }

    /** Where the offset of the first directory stands. */
    int firstDirectoryAt() {
        return headerBytes() - offsetBytes();
    }

    int offsetBytes() {
        return big ? 8 : 4;
    }

    int fieldBytes() {
        return big ? 20 : 12;
    }

    /** Bytes of the number of fields in front of a directory. */
    int fieldCountBytes() {
        return big ? 8 : 2;
    }

    /** An offset or count at {@code at}; from 2^63 on negative, which lies nowhere. */
    long offset(int at) {
        return big ? bytes.longAt(at) : bytes.intAt(at);
    }

    long fieldCount(int at) {
        return big ? bytes.longAt(at) : bytes.shortAt(at);
    }

    /** Notes that {@code count} bytes at {@code at} belong to the picture; returns {@code at}. */
    int refer(long at, long count, String part) throws DefectFound {
        if (at >= 0 && at < headerBytes()) {
            throw DefectFound.malformed("The header is referred to as " + part + ".", at);
        }
        bytes.need(at, count, part);
        end = Math.max(end, at + count);
        return (int) at;
    }

    /**
     * Notes that {@code count} bytes are about to be looked at. No honest file makes a reader look at more bytes than it has;
     * one whose parts share bytes, or refer to themselves, would.
     */
    void read(long count, int at) throws DefectFound {
        bytesRead += count;
        if (bytesRead > bytes.length()) {
            throw new DefectFound(Kind.TOO_MANY_PARTS, "The parts of the picture share bytes, or lead in a circle.",
                    at);
        }
    }

    /** Looks for a second format in the values of a field. */
    void look(TiffField field) throws DefectFound {
        if (!field.isText() && !field.isOctets()) {
            return;
        }
        int count = (int) field.count();
        read(count, field.valueAt());
        if (field.isText()) {
            secondFormat.text(field.valueAt(), count);
        } else {
            secondFormat.partWithThumbnail(field.valueAt(), count);
        }
    }

    /** Refuses what lies behind everything that was referred to, but for the zeros that some writers round a file up with. */
    void end() throws DefectFound {
        long left = bytes.length() - end;
        boolean padding = left <= PADDING_BYTES_MAX;
        for (long at = end; padding && at < bytes.length(); at++) {
            padding = bytes.byteAt((int) at) == 0;
        }
        if (!padding) {
            throw secondFormat.behind((int) end);
        }
    }
}
