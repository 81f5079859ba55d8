package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

/**
 * Everything of a response before its body.
 *
 * @param status        100 to 599; 101 means that a requested tunnel is open, whatever the version of HTTP
 * @param headers       without hop-by-hop fields, {@code Content-Length} and {@code Transfer-Encoding}
 * @param contentLength the length in bytes that the sender declared; {@link RequestHead#UNKNOWN_LENGTH} when it declared none.
 *                      For an answer to HEAD and for 304 it describes a body that is not sent
 */
public record ResponseHead(int status, Headers headers, long contentLength) {
    public ResponseHead {
        requireNonNull(headers, "headers is null");
    }
}
