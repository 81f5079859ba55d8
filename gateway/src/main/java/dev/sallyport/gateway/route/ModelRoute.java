package dev.sallyport.gateway.route;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Resource;
import java.util.List;
import java.util.Map;

/**
 * How one model is reached.
 *
 * @param name           the first segment of its paths; without any of {@code / @ : %}, and not beginning with a dot
 * @param versions       every version by its name; a model without versions has one under the empty name
 * @param defaultVersion the key in {@code versions} that answers when the path names none
 * @param hosts          lower-case host names (without port) all of whose paths belong to this model
 */
public record ModelRoute(String name, Map<String, Resource> versions, String defaultVersion, List<String> hosts) {
    public ModelRoute {
        requireNonNull(name, "name is null");
        if (!name.matches("[^/@:%.][^/@:%]*")) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of a model");
        }
        versions = Map.copyOf(versions);
        requireNonNull(defaultVersion, "defaultVersion is null");
        hosts = List.copyOf(hosts);
        if (!versions.containsKey(defaultVersion)) {
            throw new IllegalArgumentException("model " + name + " has no version '" + defaultVersion + "'");
        }
    }
}
