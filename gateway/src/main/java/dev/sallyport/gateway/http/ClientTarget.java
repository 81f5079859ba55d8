package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What to connect to, and how to speak with it.
 *
 * @param name       {@code host:port} as configured, for messages
 * @param serverName the name to ask for and to verify in TLS
 * @param tls        null for clear text
 */
public record ClientTarget(String name, String serverName, int port, @Nullable ClientTls tls, Version version) {
    /** The version of HTTP to speak. */
    public enum Version {
        HTTP_1,
        /** With prior knowledge in clear text; over TLS nothing else is offered. */
        HTTP_2,
        /** What ALPN yields over TLS, HTTP/1.1 in clear text. */
        NEGOTIATED
    }

    public ClientTarget {
        requireNonNull(name, "name is null");
        requireNonNull(serverName, "serverName is null");
        requireNonNull(version, "version is null");
    }
}
