package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Makes the head of a request from a header section of HTTP/2 (RFC 9113 section 8.3, RFC 8441 section 4), under the same
 * rules for authority, path and fields as for HTTP/1.1. Confined to one connection.
 */
final class Http2RequestReader {
    private static final int METHOD_BYTES_MAX = 64;

    private final boolean secure;
    private final Limits limits;
    private final RequestTarget target = new RequestTarget();

    Http2RequestReader(boolean secure, Limits limits) {
        this.secure = secure;
        this.limits = limits;
    }

    /**
     * Reads a section that is complete.
     *
     * @param end whether the request ends with it
     * @throws Http2Exception    when the message is malformed: the stream is reset
     * @throws ProtocolViolation when a rule or bound of ours is broken: the request is refused
     */
    RequestHead read(int streamId, Http2Section section, boolean end) throws Http2Exception, ProtocolViolation {
        if (section.malformed() != null) {
            throw malformed(streamId, section.malformed());
        }
        if (section.violation() != null) {
            throw section.violation();
        }
        FieldSection fields = section.fields();
        String method = section.method();
        String scheme = section.scheme();
        AsciiString path = section.path();
        if (method == null) {
            throw malformed(streamId, "no `:method`");
        }
        boolean connect = method.equals("CONNECT");
        boolean tunnel = connect && section.tunnelProtocol() != null;
        if (connect && !tunnel) {
            throw new ProtocolViolation(RefusalCode.NOT_IMPLEMENTED,
                    "The method CONNECT is served with `:protocol` only.");
        }
        if (section.tunnelProtocol() != null && !tunnel) {
            throw malformed(streamId, "a `:protocol` without CONNECT");
        }
        if (scheme == null || path == null || path.isEmpty()) {
            throw malformed(streamId, "no `:scheme`, or no `:path`");
        }
        requireMethod(method);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw ProtocolViolation.malformed("The scheme is neither http nor https.");
        }
        readTarget(tunnel ? "GET" : method, path);
        long declared =
                fields.contentLength() == null ? RequestHead.UNKNOWN_LENGTH : BodyLength.parse(fields.contentLength());
        if (end && declared > 0) {
            throw malformed(streamId, "no body where `content-length` declares one");
        }
        return new RequestHead(
                Protocol.HTTP_2,
                tunnel ? "GET" : method,
                secure ? "https" : "http",
                authority(section.authority(), fields.host()),
                target.path(),
                target.query(),
                fields.headers(),
                end || tunnel ? 0 : declared,
                tunnel ? tunnelProtocol(section.tunnelProtocol()) : null);
    }

    /** @throws Http2Exception when the section may not end a request */
    static Headers trailers(int streamId, Http2Section section) throws Http2Exception {
        ProtocolViolation violation = section.violation();
        if (section.malformed() != null || violation != null) {
            throw malformed(streamId, violation == null ? section.malformed() : violation.detail());
        }
        return section.fields().headers();
    }

    private static void requireMethod(String method) throws ProtocolViolation {
        if (method.length() > METHOD_BYTES_MAX) {
            throw new ProtocolViolation(RefusalCode.NOT_IMPLEMENTED,
                    "The method is longer than " + METHOD_BYTES_MAX + " bytes.");
        }
        for (int i = 0; i < method.length(); i++) {
            byte c = (byte) method.charAt(i);
            if (!Characters.isToken(c) || Characters.isLowerCase(c)) {
                throw ProtocolViolation.malformed("The method is not a token in upper case.");
            }
        }
        if (method.isEmpty()) {
            throw ProtocolViolation.malformed("The method is empty.");
        }
    }

    private void readTarget(String method, AsciiString path) throws ProtocolViolation {
        if (path.length() > limits.targetBytes()) {
            throw new ProtocolViolation(RefusalCode.TARGET_TOO_LONG,
                    "The request target is longer than " + limits.targetBytes() + " bytes.");
        }
        if (path.byteAt(0) != '/' && !path.contentEquals("*")) {
            throw ProtocolViolation.malformed("The path does not begin with a slash.");
        }
        target.parse(method, path.array(), path.arrayOffset(), path.arrayOffset() + path.length());
    }

    private String authority(@Nullable String authority, @Nullable String host) throws ProtocolViolation {
        if (authority == null) {
            if (host == null) {
                throw ProtocolViolation.malformed("There is neither `:authority` nor `host`.");
            }
            return Authority.normalise(host, secure);
        }
        String normal = Authority.normalise(authority, secure);
        if (host != null && !normal.equals(Authority.normalise(host, secure))) {
            throw ProtocolViolation.malformed("The fields `:authority` and `host` name different hosts.");
        }
        return normal;
    }

    private static String tunnelProtocol(@Nullable String protocol) throws ProtocolViolation {
        if (protocol == null || !protocol.equalsIgnoreCase("websocket")) {
            throw new ProtocolViolation(RefusalCode.NOT_IMPLEMENTED, "The only `:protocol` served is websocket.");
        }
        return "websocket";
    }

    private static Http2Exception malformed(int streamId, @Nullable String reason) {
        return Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "malformed request: %s", reason);
    }
}
