package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Everything of a request before its body, already checked and in normal form.
 *
 * @param method        as sent, case-sensitive (RFC 9110 section 9.1); GET for a tunnel, also where HTTP/2 asks for it with CONNECT
 * @param scheme        {@code http} or {@code https}, of the connection on which the request arrived
 * @param authority     host and optional port, lower case, never empty
 * @param path          normalised, absolute: no dot segments, no empty query mark; what router, policy and upstream all see
 * @param query         the part behind {@code ?} without it, as sent; null when there is none
 * @param headers       without hop-by-hop fields, without those that {@code Connection} nominated, without {@code Host},
 *                      {@code Content-Length}, {@code Transfer-Encoding}, {@code Upgrade} and {@code Expect}; {@code te: trailers} is kept
 * @param contentLength the body's length in bytes; 0 when there is none; {@link #UNKNOWN_LENGTH} when it ends with the stream
 * @param upgrade       lower-case protocol of a requested tunnel ({@code websocket}; RFC 9110 section 7.8, RFC 8441), else null
 */
public record RequestHead(
        Protocol protocol,
        String method,
        String scheme,
        String authority,
        String path,
        @Nullable String query,
        Headers headers,
        long contentLength,
        @Nullable String upgrade) {

    public static final long UNKNOWN_LENGTH = -1;

    public RequestHead {
        requireNonNull(protocol, "protocol is null");
        requireNonNull(method, "method is null");
        requireNonNull(scheme, "scheme is null");
        requireNonNull(authority, "authority is null");
        requireNonNull(path, "path is null");
        requireNonNull(headers, "headers is null");
    }

    /** Whether a body (possibly an empty one of unknown length) follows. A tunnel's bytes are no body. */
    public boolean hasBody() {
        return contentLength != 0;
    }

    public boolean isGrpc() {
        String type = headers.first("content-type");
        return type != null && (type.equals("application/grpc") || type.startsWith("application/grpc+")
                || type.startsWith("application/grpc;"));
    }
}
