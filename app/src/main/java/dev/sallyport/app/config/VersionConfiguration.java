package dev.sallyport.app.config;

import dev.sallyport.gateway.upstream.EndpointSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One version of a model.
 *
 * @param endpoints at least one
 * @param digest    {@code sha256:…}; null when not stated
 */
public record VersionConfiguration(List<EndpointSpec> endpoints, @Nullable String digest) {
    public VersionConfiguration {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("endpoints is empty");
        }
    }
}
