package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.upstream.UpstreamSpec.ClientProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of the one upstream of a test. Time-outs are so long that nothing but the injected clock reaches them. */
final class SpecBuilder {
    private static final Timeouts LONG = new Timeouts(600_000, 600_000, 600_000, 3_600_000);

    private List<EndpointSpec> endpoints;
    private ClientProtocol protocol = ClientProtocol.AUTOMATIC;
    private Timeouts timeouts = LONG;
    private TlsSpec tls = TlsSpec.DEFAULTS;
    private int connections = 64;
    private int retries = 1;
    private double retryBudget = 0.2;
    private @Nullable HealthSpec health;
    private boolean preserveHost;

    SpecBuilder(List<EndpointSpec> endpoints) {
        this.endpoints = endpoints;
    }

    SpecBuilder endpoints(List<EndpointSpec> some) {
        endpoints = some;
        return this;
    }

    SpecBuilder protocol(ClientProtocol version) {
        protocol = version;
        return this;
    }

    SpecBuilder connectMillis(long millis) {
        timeouts = new Timeouts(millis, timeouts.firstByteMillis(), timeouts.idleMillis(), timeouts.totalMillis());
        return this;
    }

    SpecBuilder firstByteMillis(long millis) {
        timeouts = new Timeouts(timeouts.connectMillis(), millis, timeouts.idleMillis(), timeouts.totalMillis());
        return this;
    }

    SpecBuilder idleMillis(long millis) {
        timeouts = new Timeouts(timeouts.connectMillis(), timeouts.firstByteMillis(), millis, timeouts.totalMillis());
        return this;
    }

    SpecBuilder totalMillis(long millis) {
        timeouts = new Timeouts(timeouts.connectMillis(), timeouts.firstByteMillis(), timeouts.idleMillis(), millis);
        return this;
    }

    SpecBuilder tls(TlsSpec settings) {
        tls = settings;
        return this;
    }

    SpecBuilder connections(int most) {
        connections = most;
        return this;
    }

    SpecBuilder retries(int most) {
        retries = most;
        return this;
    }

    SpecBuilder retryBudget(double share) {
        retryBudget = share;
        return this;
    }

    SpecBuilder health(HealthSpec check) {
        health = check;
        return this;
    }

    SpecBuilder preserveHost() {
        preserveHost = true;
        return this;
    }

    UpstreamSpec build() {
        return build(Forwarding.ID);
    }

    UpstreamSpec build(String id) {
        return new UpstreamSpec(id, endpoints, protocol, timeouts, tls, connections, retries, retryBudget, health,
                preserveHost, null);
    }
}
