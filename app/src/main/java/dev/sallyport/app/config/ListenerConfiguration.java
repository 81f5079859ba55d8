package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;

/**
 * Where calls are taken.
 *
 * @param address port 0: a free one
 * @param secure  whether TLS is spoken
 */
public record ListenerConfiguration(InetSocketAddress address, boolean secure) {
    public ListenerConfiguration {
        requireNonNull(address, "address is null");
    }
}
