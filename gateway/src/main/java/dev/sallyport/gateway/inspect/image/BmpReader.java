package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.DefectFound.malformed;

/**
 * Reads BMP (Windows, versions 2 to 5, and OS/2): the headers, the file's declared size, and that the pixels fill what is left
 * of it but a colour profile.
 */
final class BmpReader {
    static final int CORE_HEADER_BYTES = 12;
    static final int HEADER_BYTES_MAX = 124;

    private static final int FILE_HEADER_BYTES = 14;
    private static final int INFO_HEADER_BYTES = 40;
    private static final int PADDING_BYTES_MAX = 3;
    private static final int RUN_LENGTH_8 = 1;
    private static final int RUN_LENGTH_4 = 2;
    private static final int MASKS = 3;
    private static final int JPEG = 4;
    private static final int PNG = 5;
    private static final int ALPHA_MASKS = 6;
    private static final int PROFILE_TYPE_AT = FILE_HEADER_BYTES + 56;
    private static final int PROFILE_AT = FILE_HEADER_BYTES + 112;
    private static final long EMBEDDED = 0x4d42_4544;
    private static final long LINKED = 0x4c49_4e4b;

    private final Bytes bytes;
    private final SecondFormat secondFormat;

    private int headerBytes;
    private long width;
    private long height;
    private int bits;
    private int compression;
    private long imageBytes;
    private long colours;

    private BmpReader(Bytes bytes, SecondFormat secondFormat) {
        this.bytes = bytes.littleEndian();
        this.secondFormat = secondFormat;
    }

    static Picture read(Bytes bytes, Tally tally, SecondFormat secondFormat) throws DefectFound {
        BmpReader reader = new BmpReader(bytes, secondFormat);
        reader.headers();
        tally.frame(reader.width, reader.height, FILE_HEADER_BYTES + 4);
        return reader.picture(tally);
    }

    private void headers() throws DefectFound {
        headerBytes = bytes.byteAt(FILE_HEADER_BYTES);
        bytes.need(FILE_HEADER_BYTES, headerBytes, "the header");
        switch (headerBytes) {
            case CORE_HEADER_BYTES -> coreHeader();
            case INFO_HEADER_BYTES, 52, 56, 64, 108, HEADER_BYTES_MAX -> infoHeader();
            default -> throw DefectFound.unsupported("A header of " + headerBytes + " bytes is not read.",
                    FILE_HEADER_BYTES);
        }
        if (width < 1 || height < 1) {
            throw malformed("The width or height in the header is none.", FILE_HEADER_BYTES + 4);
        }
    }

    private void coreHeader() throws DefectFound {
        width = bytes.shortAt(18);
        height = bytes.shortAt(20);
        planesAndBits(22);
    }

    private void infoHeader() throws DefectFound {
        width = (int) bytes.intAt(18);
        int signedHeight = (int) bytes.intAt(22);
        height = Math.abs((long) signedHeight);
        planesAndBits(26);
        long declared = bytes.intAt(30);
        compression = declared > ALPHA_MASKS ? -1 : (int) declared;
        imageBytes = bytes.intAt(34);
        colours = bytes.intAt(46);
        if (!compressionFits() || isRunLength() && signedHeight < 0) {
            throw compression == JPEG || compression == PNG || compression < 0
                    ? DefectFound.unsupported("The compression in the header is not read.", 30)
                    : malformed("The compression in the header does not go with its other fields.", 30);
        }
    }

    private void planesAndBits(int at) throws DefectFound {
        bits = bytes.shortAt(at + 2);
        boolean exists = switch (bits) {
            case 1, 2, 4, 8, 16, 24, 32 -> true;
            default -> false;
        };
        if (bytes.shortAt(at) != 1 || !exists) {
            throw malformed("The planes or bits per pixel in the header do not exist.", at);
        }
    }

    private boolean compressionFits() {
        return switch (compression) {
            case 0 -> true;
            case RUN_LENGTH_8 -> bits == 8;
            case RUN_LENGTH_4 -> bits == 4;
            case MASKS, ALPHA_MASKS -> headerBytes != 64 && (bits == 16 || bits == 32);
            default -> false; // a JPEG or PNG inside, or none that exists
        };
    }

    private boolean isRunLength() {
        return compression == RUN_LENGTH_8 || compression == RUN_LENGTH_4;
    }

    private Picture picture(Tally tally) throws DefectFound {
        long size = bytes.intAt(2);
        if (bytes.intAt(6) != 0) {
            throw malformed("The reserved fields of the header are not zero.", 6);
        }
        if (size > bytes.length()) {
            throw DefectFound.truncated("the size that the header says", bytes.length());
        }
        if (size < bytes.length()) {
            throw size < FILE_HEADER_BYTES + headerBytes
                    ? malformed("The size that the header says has no place for a header.", 2)
                    : secondFormat.behind((int) size);
        }
        int end = end(pixels(), size);
        if (end < size && !isZero(end, bytes.length())) {
            throw secondFormat.behind(end);
        }
        return new Picture(ImageFormat.BMP, width, height, 1, bits, tally.pixels(), false);
    }

    /** Where the pixels begin, behind headers, masks and palette with at most a little padding. */
    private int pixels() throws DefectFound {
        long offset = bytes.intAt(10);
        int from = FILE_HEADER_BYTES + headerBytes;
        if (headerBytes == INFO_HEADER_BYTES) {
            from += compression == MASKS ? 12 : compression == ALPHA_MASKS ? 16 : 0;
        }
        int entryBytes = headerBytes == CORE_HEADER_BYTES ? 3 : 4;
        long most = bits > 8 ? Math.min(colours, 256) : 1 << bits;
        long least = bits > 8 ? 0 : colours == 0 ? most : Math.min(colours, most);
        if (offset < from + least * entryBytes || offset > from + most * entryBytes + PADDING_BYTES_MAX) {
            throw malformed("The pixels do not begin behind the palette.", 10);
        }
        bytes.need(from, offset - from, "the palette");
        secondFormat.part(from, (int) offset - from);
        return (int) offset;
    }

    /** Where the pixels, and a profile behind them, end. */
    private int end(int pixels, long size) throws DefectFound {
        long left = size - pixels;
        long count = isRunLength() ? imageBytes : rowBytes() > left / height ? left + 1 : rowBytes() * height;
        if (count < 1) {
            throw malformed("The header does not say how long compressed pixels are.", 34);
        }
        if (count > left) {
            throw DefectFound.truncated("the pixels", bytes.length());
        }
        return profileEnd((int) (pixels + count));
    }

    private long rowBytes() {
        return (width * bits + 31) / 32 * 4;
    }

    private int profileEnd(int pixelsEnd) throws DefectFound {
        if (headerBytes != HEADER_BYTES_MAX) {
            return pixelsEnd;
        }
        long type = bytes.intAt(PROFILE_TYPE_AT);
        if (type == LINKED) {
            throw DefectFound.unsupported("A colour profile that lies in another file is not read.", PROFILE_TYPE_AT);
        }
        if (type != EMBEDDED) {
            return pixelsEnd;
        }
        long start = bytes.intAt(PROFILE_AT) + FILE_HEADER_BYTES;
        long count = bytes.intAt(PROFILE_AT + 4);
        if (start < pixelsEnd || start > pixelsEnd + PADDING_BYTES_MAX || !bytes.has(start, count)) {
            throw malformed("The colour profile does not lie behind the pixels.", PROFILE_AT);
        }
        secondFormat.part((int) start, (int) count);
        return (int) (start + count);
    }

    /** Some writers round a file up; more than that is data. */
    private boolean isZero(int from, int to) {
        if (to - from > PADDING_BYTES_MAX) {
            return false;
        }
        for (int at = from; at < to; at++) {
            if (bytes.byteAt(at) != 0) {
                return false;
            }
        }
        return true;
    }
}
