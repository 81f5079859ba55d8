package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a listener takes connections.
 *
 * @param address        port 0 lets the system choose one
 * @param tls            null for plain text; stays its owner's
 * @param trustedProxies whose {@code Forwarded}, {@code X-Forwarded-For} and PROXY protocol headers are believed
 * @param proxyProtocol  whether connections from a trusted proxy begin with a PROXY protocol header, version 1 or 2
 */
public record ListenerSpec(InetSocketAddress address, @Nullable ServerTls tls, List<Network> trustedProxies,
        boolean proxyProtocol) {
    public ListenerSpec {
        requireNonNull(address, "address is null");
        trustedProxies = List.copyOf(trustedProxies);
    }
}
