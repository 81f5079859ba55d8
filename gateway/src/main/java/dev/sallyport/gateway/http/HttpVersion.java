package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.RefusalCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The version of a start line (RFC 9112 section 2.3): exactly {@code HTTP/1.0} or {@code HTTP/1.1}. */
final class HttpVersion {
    static final int LENGTH = 8;

    private static final byte[] MAJOR = "HTTP/1.".getBytes(StandardCharsets.ISO_8859_1);
    private static final int MAJOR_DIGIT = 5;

    private HttpVersion() {}

    /** What follows the version and its CR LF; {@link HeadParser#INCOMPLETE} when they have not come whole. */
    static int endOfRequestLine(byte[] bytes, int from, int end) throws ProtocolViolation {
        return check(bytes, from, end) ? HeadParser.endOfLine(bytes, from + LENGTH, end) : HeadParser.INCOMPLETE;
    }

    /** Whether the version has come whole. */
    static boolean check(byte[] bytes, int from, int end) throws ProtocolViolation {
        int present = Math.min(end - from, MAJOR.length);
        int mismatch = Arrays.mismatch(bytes, from, from + present, MAJOR, 0, present);
        if (mismatch >= 0) {
            throw mismatch >= MAJOR_DIGIT && Characters.isDigit(bytes[from + MAJOR_DIGIT])
                    ? notSupported()
                    : ProtocolViolation.malformed("The start line has no version of the form HTTP/1.1.");
        }
        if (end - from < LENGTH) {
            return false;
        }
        byte minor = bytes[from + LENGTH - 1];
        if (minor != '0' && minor != '1') {
            throw Characters.isDigit(minor) ? notSupported()
                    : ProtocolViolation.malformed("The start line has no version of the form HTTP/1.1.");
        }
        return true;
    }

    private static ProtocolViolation notSupported() {
        return new ProtocolViolation(RefusalCode.VERSION_NOT_SUPPORTED,
                "A text message must be of HTTP/1.0 or HTTP/1.1.");
    }
}
