package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The other end of the connection on which a call arrived.
 *
 * @param connected     the address at the other end of the socket, or the one that a trusted PROXY protocol header named
 * @param client        the address that limits and policy see: {@code connected}, unless that is a trusted proxy whose
 *                      {@code Forwarded} or {@code X-Forwarded-For} names another
 * @param local         the address on which the gateway was reached
 * @param serverName    the name asked for in TLS (SNI); null without TLS or name
 */
public record Peer(InetSocketAddress connected, InetAddress client, InetSocketAddress local, boolean secure,
        @Nullable String serverName) {
    public Peer {
        requireNonNull(connected, "connected is null");
        requireNonNull(client, "client is null");
        requireNonNull(local, "local is null");
    }
}
