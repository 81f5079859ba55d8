package dev.sallyport.gateway.http;

import java.nio.charset.StandardCharsets;

/**
 * Brings a path into the one form that router, policy and upstream all see (RFC 3986 section 6.2.2): unreserved characters
 * decoded, the hexadecimal digits of other escapes in upper case, dot segments resolved.
 *
 * <p>Refused is what another program could read in a different way: escapes that are broken, of control characters, of a
 * slash or a backslash, or that are no UTF-8; dot segments that are escaped, that carry parameters, or that climb above the root.
 */
final class PathNormaliser {
    private PathNormaliser() {}

    /** @param path absolute, without query */
    static String normalise(String path) throws ProtocolViolation {
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length == 0 || bytes[0] != '/') {
            throw ProtocolViolation.malformed("The path does not begin with a slash.");
        }
        return normalise(bytes, 0, bytes.length);
    }

    /** Normalises the path that stands at {@code from} to {@code to} and begins with a slash. */
    static String normalise(byte[] bytes, int from, int to) throws ProtocolViolation {
        boolean plain = true;
        for (int i = from; i < to; i++) {
            byte c = bytes[i];
            if (c == '.') {
                plain &= bytes[i - 1] != '/';
            } else if (c == '%') {
                plain = false;
            } else if (!Characters.isPath(c)) {
                throw ProtocolViolation.malformed("The path holds a character that must be percent-encoded.");
            }
        }
        return plain ? new String(bytes, from, to - from, StandardCharsets.ISO_8859_1) : resolved(bytes, from, to);
    }

    private static String resolved(byte[] bytes, int from, int to) throws ProtocolViolation {
        byte[] out = new byte[to - from];
        int length = 0;
        int at = from;
        while (at < to) {
            out[length] = '/';
            int segment = length + 1;
            int segmentTo = endOfSegment(bytes, at + 1, to);
            length = segment + decode(bytes, at + 1, segmentTo, out, segment);
            int dots = dots(out, segment, length);
            if (dots > 0) {
                if (length - segment != dots || segmentTo - at - 1 != dots) {
                    throw ProtocolViolation
                            .malformed("The path holds a dot segment that is escaped or carries parameters.");
                }
                length = dots == 1 ? segment - 1 : parent(out, segment - 1);
                if (segmentTo == to) {
                    out[length++] = '/';
                }
            }
            at = segmentTo;
        }
        return new String(out, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static int endOfSegment(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '/') {
            at++;
        }
        return at;
    }

    /** Where the segment begins, with its slash, that stands before the slash at {@code slash}. */
    private static int parent(byte[] out, int slash) throws ProtocolViolation {
        if (slash == 0) {
            throw ProtocolViolation.malformed("The path climbs above the root.");
        }
        int at = slash - 1;
        while (out[at] != '/') {
            at--;
        }
        return at;
    }

    /** 1 or 2 when the segment, but for its parameters, is one dot or two; else 0. */
    private static int dots(byte[] out, int from, int to) {
        int dots = 0;
        while (from + dots < to && out[from + dots] == '.') {
            dots++;
        }
        int behind = from + dots;
        boolean ends = behind == to || out[behind] == ';'
                || to - behind >= 3 && out[behind] == '%' && out[behind + 1] == '3' && out[behind + 2] == 'B';
        return dots <= 2 && ends ? dots : 0;
    }

    /** @return how many bytes were written */
    private static int decode(byte[] bytes, int from, int to, byte[] out, int outFrom) throws ProtocolViolation {
        int length = outFrom;
        int at = from;
        while (at < to) {
            byte c = bytes[at];
            if (c != '%') {
                out[length++] = c;
                at++;
                continue;
            }
            int value = escaped(bytes, at, to);
            if (value >= 0x80) {
                int escapes = Utf8Escapes.sequence(bytes, at, to);
                for (int i = 0; i < escapes * 3; i++) {
                    out[length++] = upperHex(bytes[at + i]);
                }
                at += escapes * 3;
                continue;
            }
            if (value < 0x20 || value == 0x7f || value == '/' || value == '\\') {
                throw ProtocolViolation.malformed("The path escapes a slash, a backslash or a control character.");
            }
            if (Characters.isUnreserved((byte) value)) {
                out[length++] = (byte) value;
            } else {
                out[length++] = '%';
                out[length++] = upperHex(bytes[at + 1]);
                out[length++] = upperHex(bytes[at + 2]);
            }
            at += 3;
        }
        return length - outFrom;
    }

    private static byte upperHex(byte c) {
        return (byte) (c >= 'a' && c <= 'f' ? c - 32 : c);
    }

    /** The byte that the escape at {@code at} stands for. */
    static int escaped(byte[] bytes, int at, int to) throws ProtocolViolation {
        int high = at + 2 < to ? Characters.hex(bytes[at + 1]) : -1;
        int low = at + 2 < to ? Characters.hex(bytes[at + 2]) : -1;
        if (bytes[at] != '%' || high < 0 || low < 0) {
            throw ProtocolViolation.malformed(
                    "The path holds a percent sign that is not followed by two hexadecimal digits, or bytes that are no UTF-8.");
        }
        return high << 4 | low;
    }
}
