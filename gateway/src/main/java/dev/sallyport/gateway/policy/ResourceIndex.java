package dev.sallyport.gateway.policy;

import dev.sallyport.gateway.call.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All resources, sorted by name and then by version, so that a list without patterns compiles without a scan of them all. */
final class ResourceIndex {
    private final Map<String, List<Resource>> byName = new TreeMap<>();

    ResourceIndex(Collection<Resource> resources) {
        for (Resource resource : resources) {
            byName.computeIfAbsent(resource.name(), _ -> new ArrayList<>(1)).add(resource);
        }
    }

    /** Every version of every resource, by name. */
    Map<String, List<Resource>> byName() {
        return byName;
    }

    /** Those of one name; empty when there is none. */
    List<Resource> named(String name) {
        return byName.getOrDefault(name, List.of());
    }
}
