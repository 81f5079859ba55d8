package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.telemetry.Sampling;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which calls are traced, and where the traces go.
 *
 * @param collector the collector's endpoint for traces
 * @param trust     authorities of the collector's certificate, PEM; null: those of the platform
 */
public record TraceConfiguration(URI collector, @Nullable Path trust, Sampling sampling) {
    public TraceConfiguration {
        requireNonNull(collector, "collector is null");
        requireNonNull(sampling, "sampling is null");
    }
}
