package dev.sallyport.gateway.inspect.json;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Rounds numbers as decimal text, half to even: the same text always gives the same text, and no binary fraction comes
 * in between.
 */
final class JsonRounding {
    private final int digits;
    private final byte[] zero;
    private byte[] buffer = new byte[64];

    /** @param digits behind the point, at least 0 */
    JsonRounding(int digits) {
        this.digits = digits;
        zero = BigDecimal.ZERO.setScale(digits).toPlainString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Rounds the number from {@code start} up to {@code end}, if it has more digits than allowed. */
    void round(byte[] bytes, int start, int end, JsonEdits edits) {
        int point = -1;
        boolean exponent = false;
        for (int at = start; at < end; at++) {
            if (bytes[at] == '.') {
                point = at;
            } else if ((bytes[at] | 0x20) == 'e') {
                exponent = true;
            }
        }
        if (exponent) {
            scaled(bytes, start, end, edits);
        } else if (point >= 0 && end - point - 1 > digits) {
            plain(bytes, start, point, end, edits);
        }
    }

    /** A number without an exponent: its digits are cut, and the last one that stays may grow. */
    private void plain(byte[] bytes, int start, int point, int end, JsonEdits edits) {
        int cut = digits == 0 ? point : point + 1 + digits;
        int size = cut - start;
        if (buffer.length < size + 1) {
            buffer = new byte[size * 2];
        }
        System.arraycopy(bytes, start, buffer, 1, size);
        int first = 1;
        if (up(bytes, digits == 0 ? point + 1 : cut, end, bytes[digits == 0 ? point - 1 : cut - 1])) {
            int at = size;
            while (at > 0 && (buffer[at] == '9' || buffer[at] == '.')) {
                buffer[at] = buffer[at] == '.' ? (byte) '.' : (byte) '0';
                at--;
            }
            if (at == 0 || buffer[at] == '-') {
                first = 0;
                buffer[0] = at == 0 ? (byte) '1' : (byte) '-';
                buffer[at] = at == 0 ? buffer[at] : (byte) '1';
            } else {
                buffer[at]++;
            }
        }
        boolean nothing = true;
        for (int at = first; at <= size; at++) {
            nothing &= buffer[at] < '1';
        }
        if (nothing) {
            edits.replace(start, end, zero); // never -0
        } else {
            edits.replace(start, end);
            edits.put(buffer, first, size + 1);
        }
    }

    /** Whether what is cut off makes the last digit that stays grow. */
    private static boolean up(byte[] bytes, int from, int end, byte last) {
        if (bytes[from] != '5') {
            return bytes[from] > '5';
        }
        for (int at = from + 1; at < end; at++) {
            if (bytes[at] != '0') {
                return true;
            }
        }
        return (last & 1) == 1;
    }

    private void scaled(byte[] bytes, int start, int end, JsonEdits edits) {
        BigDecimal value = new BigDecimal(new String(bytes, start, end - start, StandardCharsets.US_ASCII));
        if (value.scale() <= digits) {
            return; // has no digits to cut
        }
        // The power of ten of the first digit; so small a number is nothing, and need not be computed.
        long magnitude = (long) value.precision() - value.scale() - 1;
        BigDecimal rounded = value.signum() == 0 || magnitude < -digits - 1
                ? BigDecimal.ZERO.setScale(digits)
                : value.setScale(digits, RoundingMode.HALF_EVEN);
        edits.replace(start, end, rounded.toPlainString().getBytes(StandardCharsets.US_ASCII));
    }
}
