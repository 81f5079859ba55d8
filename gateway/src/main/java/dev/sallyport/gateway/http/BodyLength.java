package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;

/** How long the body of a message is (RFC 9112 section 6.3), where two readers could not disagree. */
final class BodyLength {
    /** The body is chunked. */
    static final long CHUNKED = -1;
    /** The body of a response ends with the connection. */
    static final long UNTIL_CLOSE = -2;

    private static final int DIGITS_MAX = 18;

    private BodyLength() {}

    /** @return bytes, or {@link #CHUNKED} */
    static long ofRequest(FieldSection fields, Protocol protocol) throws ProtocolViolation {
        if (fields.transferEncoding() == null) {
            return declared(fields, 0);
        }
        requireChunkedOnly(fields, protocol);
        return CHUNKED;
    }

    /**
     * @param toHead whether the response answers HEAD
     * @return bytes, {@link #CHUNKED} or {@link #UNTIL_CLOSE}
     */
    static long ofResponse(FieldSection fields, Protocol protocol, int status, boolean toHead)
            throws ProtocolViolation {
        if (toHead || status < 200 || status == 204 || status == 304) {
            return 0;
        }
        if (fields.transferEncoding() != null) {
            requireChunkedOnly(fields, protocol);
            return CHUNKED;
        }
        return declared(fields, UNTIL_CLOSE);
    }

    private static void requireChunkedOnly(FieldSection fields, Protocol protocol) throws ProtocolViolation {
        if (protocol == Protocol.HTTP_1_0) {
            throw ProtocolViolation.malformed("A message of HTTP/1.0 must not have `transfer-encoding`.");
        }
        if (fields.contentLength() != null) {
            throw ProtocolViolation
                    .malformed("The fields `content-length` and `transfer-encoding` must not stand together.");
        }
        if (!"chunked".equalsIgnoreCase(fields.transferEncoding())) {
            throw new ProtocolViolation(RefusalCode.NOT_IMPLEMENTED,
                    "The only transfer coding served is `chunked`, once and alone.");
        }
    }

    private static long declared(FieldSection fields, long otherwise) throws ProtocolViolation {
        String text = fields.contentLength();
        return text == null ? otherwise : parse(text);
    }

    /** The value of {@code Content-Length}: digits only. */
    static long parse(String text) throws ProtocolViolation {
        if (text.isEmpty() || text.length() > DIGITS_MAX) {
            throw invalid();
        }
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                throw invalid();
            }
            length = length * 10 + digit - '0';
        }
        return length;
    }

    private static ProtocolViolation invalid() {
        return ProtocolViolation
                .malformed("The field `content-length` is not one number of at most " + DIGITS_MAX + " digits.");
    }
}
