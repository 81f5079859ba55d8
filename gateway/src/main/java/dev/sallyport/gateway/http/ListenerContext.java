package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What the connections of one listener share.
 *
 * @param trustedProxies whose {@code Forwarded}, {@code X-Forwarded-For} and PROXY protocol headers are believed
 */
public record ListenerContext(Loops loops, Limits limits, ExchangeHandler handler, List<Network> trustedProxies) {
    public ListenerContext {
        requireNonNull(loops, "loops is null");
        requireNonNull(limits, "limits is null");
        requireNonNull(handler, "handler is null");
        trustedProxies = List.copyOf(trustedProxies);
    }
}
