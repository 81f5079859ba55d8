package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Signatures.latin;

import java.util.Arrays;

/** The one thing in Exif metadata (CIPA DC-008) that a picture's looks depend on: which way up it is. */
final class Exif {
    static final int UPRIGHT = 1;
    static final byte[] NAME = latin("Exif\0\0");

    private static final byte[] ORIENTATION_ONLY =
            latin("MM\0*\0\0\0\u0008\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0\u0000\0\0\0\0\0\0");
    private static final int VALUE_AT = 19;
    private static final int ORIENTATION_TAG = 0x0112;
    private static final int SHORT_TYPE = 3;
    private static final int ORIENTATION_MAX = 8;
    private static final int FIELD_BYTES = 12;
    private static final int FIELDS_MAX = 1_000;

    private Exif() {}

    /** The smallest Exif data that says {@code orientation}: a TIFF header and one field. */
    static byte[] of(int orientation) {
        byte[] exif = Arrays.copyOf(ORIENTATION_ONLY, ORIENTATION_ONLY.length);
        exif[VALUE_AT] = (byte) orientation;
        return exif;
    }

    /** Whether the {@code count} bytes at {@code at} say the orientation and nothing else, as {@link #of} writes it. */
    static boolean isOrientationOnly(Bytes bytes, int at, int count) {
        if (count != ORIENTATION_ONLY.length) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (i != VALUE_AT && bytes.byteAt(at + i) != (ORIENTATION_ONLY[i] & 0xff)) {
                return false;
            }
        }
        return isOrientation(bytes.byteAt(at + VALUE_AT));
    }

    /**
     * What the {@code length} bytes of Exif data at {@code from} say, with or without the name in front that JPEG gives them: from 1
     * to 8; 1 when they say nothing or make no sense.
     */
    static int orientation(Bytes bytes, int from, int length) {
        int name = length >= NAME.length && bytes.matches(from, NAME) ? NAME.length : 0;
        int at = from + name;
        int count = length - name;
        boolean little = bytes.matches(at, Signatures.TIFF_LITTLE);
        if (!little && !bytes.matches(at, Signatures.TIFF_BIG) || count < Signatures.TIFF_BIG.length + 4) {
            return UPRIGHT;
        }
        Bytes exif = bytes.part(at, count, little);
        long directory = exif.intAt(4);
        if (!exif.has(directory, 2)) {
            return UPRIGHT;
        }
        int fields = Math.min(exif.shortAt((int) directory), FIELDS_MAX);
        for (int i = 0; i < fields; i++) {
            long field = directory + 2 + (long) i * FIELD_BYTES;
            if (!exif.has(field, FIELD_BYTES)) {
                return UPRIGHT;
            }
            if (exif.shortAt((int) field) == ORIENTATION_TAG) {
                int value = exif.shortAt((int) field + 8);
                return exif.shortAt((int) field + 2) == SHORT_TYPE && isOrientation(value) ? value : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    private static boolean isOrientation(int value) {
        return value >= UPRIGHT && value <= ORIENTATION_MAX;
    }
}
