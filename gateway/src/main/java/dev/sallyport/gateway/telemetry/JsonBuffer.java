package dev.sallyport.gateway.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/**
 * A growing buffer of bytes into which JSON is written. What it holds is ASCII only: every other character, and what a
 * terminal would act on, is escaped (RFC 8259 section 7), so no input can end a string or a line.
 */
final class JsonBuffer {
    /** In the longest form, backslash, u and four digits. */
    private static final int ESCAPED_BYTES_MAX = 6;
    private static final int LONG_BYTES_MAX = 20;
    private static final char ELLIPSIS = '\u2026';
    private static final char REPLACEMENT = '\ufffd';
    private static final byte[] HEXADECIMAL = "0123456789abcdef".getBytes(ISO_8859_1);
    private static final byte[] LEAST_LONG = "-9223372036854775808".getBytes(ISO_8859_1);

    private byte[] bytes;
    private int used;

    JsonBuffer(int bytesExpected) {
        bytes = new byte[bytesExpected];
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return used;
    }

    /** Forgets what was written behind {@code length}. */
    void truncate(int length) {
        used = length;
    }

    /** Writes {@code text} as it is: it must be JSON in ASCII already. */
    void raw(byte[] text) {
        ensure(text.length);
        System.arraycopy(text, 0, bytes, used, text.length);
        used += text.length;
    }

    void raw(char ascii) {
        ensure(1);
        bytes[used++] = (byte) ascii;
    }

    void number(long value) {
        if (value == Long.MIN_VALUE) {
            raw(LEAST_LONG);
            return;
        }
        ensure(LONG_BYTES_MAX);
        long rest = value;
        if (rest < 0) {
            bytes[used++] = '-';
            rest = -rest;
        }
        int end = used + digits(rest);
        used = end;
        do {
            bytes[--end] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
    }

    private static int digits(long value) {
        int digits = 1;
        for (long power = 10; digits < 19 && value >= power; power *= 10) {
            digits++;
        }
        return digits;
    }

    /** Writes {@code value} in quotes; of a longer one the first {@code charactersMax} characters and an ellipsis. */
    void string(String value, int charactersMax) {
        int characters = Math.min(value.length(), charactersMax);
        ensure((characters + 1) * ESCAPED_BYTES_MAX + 2);
        bytes[used++] = '"';
        for (int i = 0; i < characters; i++) {
            char character = value.charAt(i);
            if (character >= ' ' && character < 0x7f && character != '"' && character != '\\') {
                bytes[used++] = (byte) character;
            } else {
                escape(isLone(value, i, characters) ? REPLACEMENT : character);
            }
        }
        if (characters < value.length()) {
            escape(ELLIPSIS);
        }
        bytes[used++] = '"';
    }

    /** Half of a surrogate pair alone is no character, and some readers refuse it. */
    private static boolean isLone(String value, int index, int end) {
        char character = value.charAt(index);
        if (Character.isHighSurrogate(character)) {
            return index + 1 >= end || !Character.isLowSurrogate(value.charAt(index + 1));
        }
        return Character.isLowSurrogate(character) && (index == 0 || !Character.isHighSurrogate(value.charAt(index - 1)));
    }

    private void escape(char character) {
        bytes[used++] = '\\';
        if (character == '"' || character == '\\') {
            bytes[used++] = (byte) character;
            return;
        }
        bytes[used++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[used++] = HEXADECIMAL[character >> shift & 0xf];
        }
    }

    private void ensure(int more) {
        if (bytes.length - used < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + more));
        }
    }
}
