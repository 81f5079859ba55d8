package dev.sallyport.gateway.inspect.json;

import java.nio.charset.StandardCharsets;

/** Reads numbers (RFC 8259 section 6) as text: nothing is rounded and nothing is converted. */
final class JsonNumerals {
    private static final long TOPS = 0x8080808080808080L;
    private static final long ZEROS = 0x3030303030303030L;
    private static final long ABOVE_NINE = 0x7676767676767676L;
    /** Above every exponent that is read: who computes with larger ones exactly computes for long. */
    private static final int EXPONENT_MOST = 10_000;

    private JsonNumerals() {}

    /**
     * The index behind the number that begins at {@code start}; or the complement of where it breaks, which is
     * {@code start} itself when a sound number is over a limit.
     */
    static int end(byte[] bytes, int start, int digitsMax, int magnitudeMax) {
        int at = bytes[start] == '-' ? start + 1 : start;
        int whole = at;
        int digits;
        if (bytes[at] == '0') {
            at++;
            digits = 1;
        } else {
            at = digits(bytes, at);
            digits = at - whole;
            if (digits == 0) {
                return ~at;
            }
        }
        int wholeDigits = digits;
        if (bytes[at] == '.') {
            int fraction = at + 1;
            at = digits(bytes, fraction);
            if (at == fraction) {
                return ~at;
            }
            digits += at - fraction;
        }
        if ((bytes[at] | 0x20) == 'e') {
            return scaled(bytes, start, at, digits, digitsMax, magnitudeMax);
        }
        boolean tooLarge = digits > digitsMax
                || wholeDigits > magnitudeMax && exceeds(bytes, start, at, wholeDigits - 1, magnitudeMax);
        return tooLarge ? ~start : at;
    }

    /** What is wrong at {@code at}, where {@link #end} stopped within the number that begins at {@code start}. */
    static String defect(byte[] bytes, int start, int at, int length) {
        if (at == start) {
            return "has no value where one is needed";
        }
        return at >= length ? "ends within a number" : "has a number that lacks a digit";
    }

    /** The index of the first byte from {@code start} that is no digit, eight bytes at a time. */
    private static int digits(byte[] bytes, int start) {
        int at = start;
        while (true) {
            long values = (long) JsonText.WORD.get(bytes, at) ^ ZEROS;
            long others = (values + ABOVE_NINE | values) & TOPS; // the lowest set bit is right
            if (others != 0) {
                return at + (Long.numberOfTrailingZeros(others) >>> 3);
            }
            at += 8;
        }
    }

    private static int scaled(byte[] bytes, int start, int letter, int digits, int digitsMax, int magnitudeMax) {
        int at = letter + 1;
        boolean negative = bytes[at] == '-';
        if (negative || bytes[at] == '+') {
            at++;
        }
        int first = at;
        int exponent = 0;
        while (bytes[at] >= '0' && bytes[at] <= '9') {
            exponent = Math.min(exponent * 10 + bytes[at] - '0', EXPONENT_MOST);
            at++;
        }
        if (at == first) {
            return ~at;
        }
        if (digits > digitsMax || exponent == EXPONENT_MOST) {
            return ~start;
        }
        long magnitude = leading(bytes, start, letter);
        if (magnitude == Long.MIN_VALUE) {
            return at; // zero, whatever its exponent
        }
        return exceeds(bytes, start, at, magnitude + (negative ? -exponent : exponent), magnitudeMax) ? ~start : at;
    }

    /** The power of ten of the first digit that is not 0, without the exponent; the least long for zero. */
    private static long leading(byte[] bytes, int start, int end) {
        int first = -1;
        int point = end;
        for (int i = start; i < end; i++) {
            if (bytes[i] == '.') {
                point = i;
            } else if (first < 0 && bytes[i] >= '1' && bytes[i] <= '9') {
                first = i;
            }
        }
        if (first < 0) {
            return Long.MIN_VALUE;
        }
        return first < point ? point - first - 1L : (long) point - first;
    }

    private static boolean exceeds(byte[] bytes, int start, int end, long magnitude, int magnitudeMax) {
        if (magnitude != JsonLimits.MAGNITUDE_MOST || magnitudeMax != JsonLimits.MAGNITUDE_MOST) {
            return magnitude > magnitudeMax;
        }
        String text = new String(bytes, start, end - start, StandardCharsets.US_ASCII);
        return Double.isInfinite(Double.parseDouble(text));
    }
}
