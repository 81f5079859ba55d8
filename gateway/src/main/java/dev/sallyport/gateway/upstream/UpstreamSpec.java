package dev.sallyport.gateway.upstream;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one resource is served, as configured.
 *
 * @param id            the resource's id: pools, health and breakers are kept under it across reloads
 * @param endpoints     at least one
 * @param protocol      spoken without TLS; with TLS, ALPN chooses between h2 and HTTP/1.1 unless it is {@code HTTP_1}
 * @param connections   HTTP/1.1 connections per endpoint at most, all loops together; further calls wait
 * @param retries       further attempts after the first at most; 0: none
 * @param retryBudget   share of the calls in flight that may be retries, 0 to 1 (three are always allowed)
 * @param health        active health check; null: none
 * @param preserveHost  whether the client's authority goes upstream instead of the endpoint's
 * @param credential    what the gateway shows the upstream in the place of the client's own; null: nothing
 */
public record UpstreamSpec(
        String id,
        List<EndpointSpec> endpoints,
        ClientProtocol protocol,
        Timeouts timeouts,
        TlsSpec tls,
        int connections,
        int retries,
        double retryBudget,
        @Nullable HealthSpec health,
        boolean preserveHost,
        @Nullable UpstreamCredential credential) {

    /** The version of HTTP spoken with an upstream. */
    public enum ClientProtocol {
        /** HTTP/1.1 in clear text; over TLS what ALPN yields. */
        AUTOMATIC,
        /** HTTP/1.1 always. */
        HTTP_1,
        /** HTTP/2 always, in clear text with prior knowledge. */
        HTTP_2
    }

    public static final int DEFAULT_CONNECTIONS = 256;
    public static final int DEFAULT_RETRIES = 1;
    public static final double DEFAULT_RETRY_BUDGET = 0.2;

    public UpstreamSpec {
        requireNonNull(id, "id is null");
        endpoints = List.copyOf(endpoints);
        requireNonNull(protocol, "protocol is null");
        requireNonNull(timeouts, "timeouts is null");
        requireNonNull(tls, "tls is null");
        if (endpoints.isEmpty() || connections < 1 || retries < 0 || !(retryBudget >= 0 && retryBudget <= 1)) {
            throw new IllegalArgumentException(
                    "an upstream needs an endpoint, a connection, and a retry budget from 0 to 1");
        }
    }
}
