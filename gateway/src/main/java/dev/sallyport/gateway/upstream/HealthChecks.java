package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.http.LoopContext;
import java.util.ArrayList;
import java.util.List;

/** The active checks of one upstream: one per endpoint, all on one event loop. */
final class HealthChecks {
    private final HealthSpec spec;
    private final List<Endpoint> endpoints;
    private final LoopContext context;
    private final List<HealthCheck> checks = new ArrayList<>();

    HealthChecks(HealthSpec spec, List<Endpoint> endpoints, LoopContext context) {
        this.spec = spec;
        this.endpoints = endpoints;
        this.context = context;
        for (Endpoint endpoint : endpoints) {
            checks.add(new HealthCheck(spec, endpoint, context));
        }
    }

    boolean same(HealthSpec otherSpec, List<Endpoint> otherEndpoints) {
        return spec.equals(otherSpec) && endpoints.equals(otherEndpoints);
    }

    void start() {
        context.loop().execute(() -> checks.forEach(HealthCheck::check));
    }

    void stop() {
        context.loop().execute(() -> checks.forEach(HealthCheck::stop));
    }
}
