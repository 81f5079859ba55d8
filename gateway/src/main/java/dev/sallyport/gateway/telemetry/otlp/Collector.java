package dev.sallyport.gateway.telemetry.otlp;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where traces go.
 *
 * @param url of the endpoint for traces, such as {@code http://127.0.0.1:4318/v1/traces}
 * @param tls trusts the collector's certificate; null: what the platform trusts
 */
public record Collector(URI url, @Nullable SSLSocketFactory tls) {
    public Collector {
        requireNonNull(url, "url is null");
    }
}
