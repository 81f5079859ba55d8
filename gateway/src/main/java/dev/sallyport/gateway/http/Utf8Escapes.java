package dev.sallyport.gateway.http;

/** Escapes that stand for one character beyond ASCII in UTF-8, well-formed (Unicode, table 3-7; RFC 3629 section 4). */
final class Utf8Escapes {
    private static final int ESCAPE_LENGTH = 3;

    private Utf8Escapes() {}

    /** How many escapes, from the one at {@code at}, make up the character. */
    static int sequence(byte[] bytes, int at, int to) throws ProtocolViolation {
        int first = PathNormaliser.escaped(bytes, at, to);
        int length = length(first);
        for (int i = 1; i < length; i++) {
            int position = at + i * ESCAPE_LENGTH;
            if (position >= to) {
                throw notUtf8();
            }
            int next = PathNormaliser.escaped(bytes, position, to);
            if (next < (i == 1 ? secondMin(first) : 0x80) || next > (i == 1 ? secondMax(first) : 0xbf)) {
                throw notUtf8();
            }
        }
        return length;
    }

    private static int length(int first) throws ProtocolViolation {
        if (first < 0xc2 || first > 0xf4) {
            throw notUtf8();
        }
        return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    }

    /** Excludes overlong forms. */
    private static int secondMin(int first) {
        return first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    }

    /** Excludes surrogates, and what lies beyond Unicode. */
    private static int secondMax(int first) {
        return first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    }

    private static ProtocolViolation notUtf8() {
        return ProtocolViolation.malformed("The path escapes bytes that are no UTF-8.");
    }
}
