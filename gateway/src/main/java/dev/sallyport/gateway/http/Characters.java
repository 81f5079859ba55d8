package dev.sallyport.gateway.http;

import java.nio.charset.StandardCharsets;

/** The classes of characters of RFC 9110 section 5.6 and RFC 3986 section 2, as tables indexed by unsigned byte. */
final class Characters {
    private static final byte TOKEN = 1;
    private static final byte FIELD_VALUE = 2;
    private static final byte UNRESERVED = 4;
    private static final byte PATH = 8;
    private static final byte QUERY = 16;
    private static final byte[] CLASSES = new byte[256];
    private static final byte[] TOKEN_LOWER = new byte[256];
    private static final byte[] HEX = new byte[256];

    static {
        String alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        mark(alphanumeric + "!#$%&'*+-.^_`|~", TOKEN);
        mark(alphanumeric + "-._~", UNRESERVED);
        mark(alphanumeric + "-._~!$&'()*+,;=:@/", PATH);
        for (int c = 0x21; c < 0x7f; c++) {
            CLASSES[c] |= FIELD_VALUE | QUERY;
        }
        // What RFC 3986 forbids and user agents escape; they send the other characters that it forbids in a query as they are.
        for (byte forbidden : "\"#<>".getBytes(StandardCharsets.ISO_8859_1)) {
            CLASSES[forbidden] &= ~QUERY;
        }
        for (int c = 0x80; c < 0x100; c++) {
            CLASSES[c] |= FIELD_VALUE;
        }
        CLASSES[' '] |= FIELD_VALUE;
        CLASSES['\t'] |= FIELD_VALUE;
        for (int c = 0; c < 256; c++) {
            TOKEN_LOWER[c] = (CLASSES[c] & TOKEN) == 0 ? 0 : (byte) (c >= 'A' && c <= 'Z' ? c + 32 : c);
            HEX[c] = (byte) Character.digit(c < 0x80 ? c : 0, 16);
        }
    }

    private Characters() {}

    private static void mark(String characters, byte kind) {
        for (byte c : characters.getBytes(StandardCharsets.ISO_8859_1)) {
            CLASSES[c] |= kind;
        }
    }

    static boolean isToken(byte c) {
        return (CLASSES[c & 0xff] & TOKEN) != 0;
    }

    /** The lower-case form of a character of a token; 0 for every other. */
    static byte tokenLower(byte c) {
        return TOKEN_LOWER[c & 0xff];
    }

    /** Visible, space, tab, or beyond ASCII: everything but control characters. */
    static boolean isFieldValue(byte c) {
        return (CLASSES[c & 0xff] & FIELD_VALUE) != 0;
    }

    static boolean isUnreserved(byte c) {
        return (CLASSES[c & 0xff] & UNRESERVED) != 0;
    }

    /** A character of a path, the slash included, the percent sign not. */
    static boolean isPath(byte c) {
        return (CLASSES[c & 0xff] & PATH) != 0;
    }

    static boolean isQuery(byte c) {
        return (CLASSES[c & 0xff] & QUERY) != 0;
    }

    /** The value of a hexadecimal digit; -1 for every other character. */
    static int hex(byte c) {
        return HEX[c & 0xff];
    }

    static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    static boolean isUpperCase(byte c) {
        return c >= 'A' && c <= 'Z';
    }

    static boolean isLowerCase(byte c) {
        return c >= 'a' && c <= 'z';
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7f || (CLASSES[c] & TOKEN) == 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
