package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import org.jspecify.annotations.Nullable;

/** Makes a request of what the parser read, under the rules that concern the head as a whole. One per connection. */
final class RequestAssembler {
    private static final String CONTINUE = "100-continue";

    private final boolean secure;
    private String lastHost = "";
    private String lastAuthority = "";

    RequestAssembler(boolean secure) {
        this.secure = secure;
    }

    Http1Request assemble(RequestParser parser) throws ProtocolViolation {
        FieldSection fields = parser.fields();
        Protocol protocol = parser.protocol();
        long bodyLength = BodyLength.ofRequest(fields, protocol);
        boolean expectsContinue = expectsContinue(fields.expect(), protocol) && bodyLength != 0;
        String authority = authority(parser.target(), fields.host());
        String upgrade =
                protocol == Protocol.HTTP_1_1 ? WebSocketHandshake.upgrade(parser.method(), fields, bodyLength) : null;
        RequestHead head = new RequestHead(
                protocol,
                parser.method(),
                secure ? "https" : "http",
                authority,
                parser.target().path(),
                parser.target().query(),
                fields.headers(),
                bodyLength == BodyLength.CHUNKED ? RequestHead.UNKNOWN_LENGTH : bodyLength,
                upgrade);
        boolean persistent = protocol == Protocol.HTTP_1_1 ? !fields.close() : fields.keepAlive() && !fields.close();
        return new Http1Request(head, bodyLength, expectsContinue, persistent);
    }

    /** RFC 9110 section 10.1.1; a client of HTTP/1.0 cannot expect anything. */
    private static boolean expectsContinue(@Nullable String expect, Protocol protocol) throws ProtocolViolation {
        if (expect == null || protocol == Protocol.HTTP_1_0) {
            return false;
        }
        for (String expectation : FieldSection.members(expect)) {
            if (!expectation.equalsIgnoreCase(CONTINUE)) {
                throw new ProtocolViolation(RefusalCode.EXPECTATION_FAILED,
                        "The only expectation that can be met is `" + CONTINUE + "`.");
            }
        }
        return true;
    }

    /** RFC 9112 section 3.2: {@code Host} must stand in every request, and a target in absolute form wins over it. */
    private String authority(RequestTarget target, @Nullable String host) throws ProtocolViolation {
        if (host == null) {
            throw ProtocolViolation.malformed("The field `host` is missing.");
        }
        if (!host.equals(lastHost)) {
            lastAuthority = Authority.normalise(host, secure);
            lastHost = host;
        }
        String scheme = target.scheme();
        String authority = target.authority();
        if (scheme == null || authority == null) {
            return lastAuthority;
        }
        if (!scheme.equals(secure ? "https" : "http")) {
            throw ProtocolViolation.malformed("The request target has another scheme than the connection.");
        }
        return Authority.normalise(authority, secure);
    }
}
