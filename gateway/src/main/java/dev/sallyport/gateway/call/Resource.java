package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is called.
 *
 * @param version the version that answers; empty for a model without versions
 * @param digest  {@code sha256:…} as configured; null when unknown
 * @param id      {@code name} or {@code name@version}: the key under which settings, limits and pools are found
 */
public record Resource(Kind kind, String tenant, String name, String version, @Nullable String digest,
        Map<String, String> labels, String id) {

    public enum Kind {
        MODEL("model"), TOOL("tool"), AGENT("agent"), BUCKET("bucket"), FEDERATION("federation");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    public Resource {
        requireNonNull(kind, "kind is null");
        requireNonNull(tenant, "tenant is null");
        requireNonNull(name, "name is null");
        requireNonNull(version, "version is null");
        requireNonNull(id, "id is null");
        labels = Map.copyOf(labels);
    }

    public static Resource model(String name, String version, @Nullable String digest, Map<String, String> labels) {
        String id = version.isEmpty() ? name : name + "@" + version;
        return new Resource(Kind.MODEL, Caller.DEFAULT_TENANT, name, version, digest, labels, id);
    }
}
