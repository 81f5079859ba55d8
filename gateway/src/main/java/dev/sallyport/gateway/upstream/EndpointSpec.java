package dev.sallyport.gateway.upstream;

import static java.util.Objects.requireNonNull;

/**
 * One place that serves a resource.
 *
 * @param secure   whether TLS is spoken
 * @param host     name or address, lower case, IPv6 without brackets
 * @param port     1 to 65535
 * @param basePath put before every path; empty, or absolute without a slash at its end
 */
public record EndpointSpec(boolean secure, String host, int port, String basePath) {
    public EndpointSpec {
        requireNonNull(host, "host is null");
        requireNonNull(basePath, "basePath is null");
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port is not between 1 and 65535: " + port);
        }
    }

    /** {@code host:port}, IPv6 in brackets: the endpoint's stable id. */
    public String hostAndPort() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
