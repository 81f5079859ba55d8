package dev.sallyport.gateway.inspect.image;

/** The types of a PNG's chunks as numbers: four letters, the first one's most significant. */
final class PngChunk {
    static final int IHDR = 0x49484452;
    static final int PLTE = 0x504c5445;
    static final int IDAT = 0x49444154;
    static final int IEND = 0x49454e44;
    static final int TRNS = 0x74524e53;
    static final int ACTL = 0x6163544c;
    static final int FCTL = 0x6663544c;
    static final int FDAT = 0x66644154;
    static final int EXIF = 0x65584966;

    private static final int TEXT = 0x74455874;
    private static final int INTERNATIONAL_TEXT = 0x69545874;
    private static final int PROVENANCE = 0x63614258;
    private static final int CHROMATICITIES = 0x6348524d;
    private static final int GAMMA = 0x67414d41;
    private static final int PROFILE = 0x69434350;
    private static final int SIGNIFICANT_BITS = 0x73424954;
    private static final int STANDARD_COLOURS = 0x73524742;
    private static final int CODING_POINTS = 0x63494350;
    private static final int MASTERING_DISPLAY = 0x6d444356;
    private static final int LIGHT_LEVEL = 0x634c4c49;
    private static final int BACKGROUND = 0x624b4744;
    private static final int HISTOGRAM = 0x68495354;
    private static final int PHYSICAL_SIZE = 0x70485973;
    /** Bit 5 of each letter; section 5.4. */
    private static final int SMALL_FIRST_LETTER = 0x2000_0000;
    private static final int SMALL_THIRD_LETTER = 0x0000_2000;

    private PngChunk() {}

    static boolean isName(int type) {
        return isLetter(type >>> 24) && isLetter(type >>> 16 & 0xff) && isLetter(type >>> 8 & 0xff)
                && isLetter(type & 0xff) && (type & SMALL_THIRD_LETTER) == 0;
    }

    private static boolean isLetter(int octet) {
        return octet >= 'A' && octet <= 'Z' || octet >= 'a' && octet <= 'z';
    }

    /** The four letters. */
    static String name(int type) {
        return new String(new char[]{(char) (type >>> 24), (char) (type >>> 16 & 0xff), (char) (type >>> 8 & 0xff),
            (char) (type & 0xff)});
    }

    /** Whether a reader that does not know the chunk must give up. */
    static boolean isCritical(int type) {
        return (type & SMALL_FIRST_LETTER) == 0;
    }

    /** Whether the chunk of {@code count} bytes at {@code at} holds text that people can read: not one that is compressed. */
    static boolean isText(Bytes bytes, int type, int at, int count) {
        if (type != INTERNATIONAL_TEXT) {
            return type == TEXT;
        }
        int keywordEnd = bytes.indexOf(0, at, at + count);
        return keywordEnd < 0 || keywordEnd + 1 >= at + count || bytes.byteAt(keywordEnd + 1) == 0;
    }

    /** Exif, and the manifests of C2PA. */
    static boolean mayHoldThumbnail(int type) {
        return type == EXIF || type == PROVENANCE;
    }

    /** Whether the pixels' looks depend on an ancillary chunk, so that it stays when metadata is taken out. */
    static boolean isKept(int type) {
        return switch (type) {
            case TRNS, ACTL, FCTL, FDAT, CHROMATICITIES, GAMMA, PROFILE, SIGNIFICANT_BITS, STANDARD_COLOURS,
                    CODING_POINTS, MASTERING_DISPLAY, LIGHT_LEVEL, BACKGROUND, HISTOGRAM, PHYSICAL_SIZE -> true;
            default -> isCritical(type); // any four letters may name a chunk
        };
    }
}
