package dev.sallyport.gateway.upstream;

import static java.util.Objects.requireNonNull;

/**
 * What one endpoint looks like at a moment, for metrics.
 *
 * @param resource      the id of the resource that it serves
 * @param endpoint      {@code host:port}
 * @param healthy       whether it gets calls as usual
 * @param callsInFlight attempts under way, waiting ones included
 * @param connections   open or being opened, all loops together
 * @param waiting       calls that wait for a connection
 */
public record EndpointState(String resource, String endpoint, boolean healthy, int callsInFlight, int connections,
        int waiting) {
    public EndpointState {
        requireNonNull(resource, "resource is null");
        requireNonNull(endpoint, "endpoint is null");
    }

    static EndpointState of(String resource, Endpoint endpoint) {
        return new EndpointState(
                resource,
                endpoint.name(),
                endpoint.health().state() == Health.State.HEALTHY,
                endpoint.callsInFlight(),
                endpoint.slots().taken(),
                endpoint.waiting());
    }
}
