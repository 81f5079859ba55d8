package dev.sallyport.gateway.inspect.image;

/** The tables in a JPEG's segments: whether they fill their segment exactly. */
final class JpegTables {
    private static final int CODE_LENGTHS = 16;
    private static final int SYMBOLS_MAX = 256;
    private static final int COEFFICIENTS = 64;

    private JpegTables() {}

    /** ITU-T T.81, section B.2.4.1. */
    static boolean areQuantization(Bytes bytes, int start, int count) {
        int at = start;
        int end = start + count;
        while (at < end) {
            int precision = bytes.byteAt(at) >>> 4;
            if (precision > 1 || (bytes.byteAt(at) & 15) > 3) {
                return false;
            }
            at += 1 + COEFFICIENTS * (precision + 1);
        }
        return at == end && count > 0;
    }

    /** ITU-T T.81, section B.2.4.2. */
    static boolean areHuffman(Bytes bytes, int start, int count) {
        int at = start;
        int end = start + count;
        while (at < end) {
            if (end - at <= CODE_LENGTHS || (bytes.byteAt(at) >>> 4) > 1 || (bytes.byteAt(at) & 15) > 3) {
                return false;
            }
            int symbols = 0;
            for (int i = 1; i <= CODE_LENGTHS; i++) {
                symbols += bytes.byteAt(at + i);
            }
            if (symbols > SYMBOLS_MAX) {
                return false;
            }
            at += 1 + CODE_LENGTHS + symbols;
        }
        return at == end && count > 0;
    }
}
