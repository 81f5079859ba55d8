package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the heads of a client's requests (RFC 9112 section 3). */
final class RequestParser extends HeadParser {
    private static final int METHOD_BYTES_MAX = 64;
    private static final int EMPTY_LINES_MAX = 4;
    private static final String[] METHODS = {
        "GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "QUERY", "PROPFIND", "REPORT",
        "SEARCH"
    };
    private static final byte[][] METHOD_BYTES =
            Arrays.stream(METHODS).map(method -> method.getBytes(StandardCharsets.ISO_8859_1)).toArray(byte[][]::new);

    private final RequestTarget target = new RequestTarget();
    private String method = "";
    private Protocol protocol = Protocol.HTTP_1_1;

    RequestParser(Limits limits, Scratch scratch) {
        super(FieldSection.Kind.REQUEST, limits, scratch);
    }

    String method() {
        return method;
    }

    RequestTarget target() {
        return target;
    }

    Protocol protocol() {
        return protocol;
    }

    /** RFC 9112 section 2.2: clients have been seen to send one behind a body. */
    @Override
    int emptyLinesMax() {
        return EMPTY_LINES_MAX;
    }

    @Override
    int startLine(byte[] bytes, int from, int end) throws ProtocolViolation {
        int methodTo = method(bytes, from, end);
        if (methodTo == INCOMPLETE) {
            return INCOMPLETE;
        }
        int at = methodTo + 1;
        while (at < end && bytes[at] > ' ' && bytes[at] != 0x7f) {
            at++;
        }
        if (at - methodTo - 1 > limits().targetBytes()) {
            throw new ProtocolViolation(RefusalCode.TARGET_TOO_LONG,
                    "The request target is longer than " + limits().targetBytes() + " bytes.");
        }
        if (at == end) {
            return INCOMPLETE;
        }
        if (bytes[at] != ' ') {
            throw ProtocolViolation
                    .malformed("The request line is not a method, a target and a version with one space between each.");
        }
        int next = HttpVersion.endOfRequestLine(bytes, at + 1, end);
        if (next == INCOMPLETE) {
            return INCOMPLETE;
        }
        protocol = bytes[at + HttpVersion.LENGTH] == '1' ? Protocol.HTTP_1_1 : Protocol.HTTP_1_0;
        method = methodName(bytes, from, methodTo);
        target.parse(method, bytes, methodTo + 1, at);
        return next;
    }

    /** @return where the space behind the method stands */
    private static int method(byte[] bytes, int from, int end) throws ProtocolViolation {
        int at = from;
        while (at < end && Characters.isToken(bytes[at])) {
            if (Characters.isLowerCase(bytes[at])) {
                throw ProtocolViolation.malformed(
                        "The method has lower-case letters; methods have case, and all that are registered are upper case.");
            }
            at++;
        }
        if (at - from > METHOD_BYTES_MAX) {
            throw new ProtocolViolation(RefusalCode.NOT_IMPLEMENTED,
                    "The method is longer than " + METHOD_BYTES_MAX + " bytes.");
        }
        if (at == end) {
            return INCOMPLETE;
        }
        if (at == from || bytes[at] != ' ') {
            throw ProtocolViolation.malformed("The request line does not begin with a method and a space.");
        }
        return at;
    }

    private static String methodName(byte[] bytes, int from, int to) {
        for (int i = 0; i < METHOD_BYTES.length; i++) {
            byte[] known = METHOD_BYTES[i];
            if (Arrays.equals(known, 0, known.length, bytes, from, to)) {
                return METHODS[i];
            }
        }
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
