package dev.sallyport.gateway.route;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Action;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the resource that a request means. The first form that fits decides, whether or not it then finds something:
 *
 * <ol>
 *   <li>{@code Host} is one of a model's hosts: that model's default version, path unchanged.
 *   <li>{@code /v1/models/M…} and {@code /v2/models/M…}, as KServe and TensorFlow Serving spell them, path unchanged.
 *       {@code /versions/V} or {@code /labels/V} behind {@code M} picks the version; where the model has versions and
 *       none of that name, nothing is found; where it has none, the upstream alone understands the rest. {@code M} ends
 *       at a slash or, as does {@code V}, at the colon before a verb.
 *   <li>{@code /M@V…}: that version, the rest of the path or {@code /}.
 *   <li>{@code /M…}: the default version, the rest of the path or {@code /}.
 * </ol>
 *
 * <p>A model, or a version, is everything under its URL: the rest of the path is the upstream's own affair.
 * What is not found stays unrouted. A segment that contains a percent sign is decoded before it is looked up, so one
 * name has one meaning however it is spelt. One or two table look-ups, however many models there are.
 */
public final class Router {
    private static final String V1_MODELS = "/v1/models/";
    private static final String V2_MODELS = "/v2/models/";
    private static final String VERSIONS = "/versions/";
    private static final String LABELS = "/labels/";

    private final NameTable<ModelRoute> models;
    private final NameTable<Resource> targets;
    private final Map<String, Resource> hosts;

    public Router(List<ModelRoute> routes) {
        Map<String, ModelRoute> byName = new HashMap<>();
        Map<String, Resource> byTarget = new HashMap<>();
        Map<String, Resource> byHost = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (ModelRoute route : routes) {
            if (!names.add(route.name())) {
                throw new IllegalArgumentException("two models are called " + route.name());
            }
            byName.put(route.name(), route);
            byTarget.put(route.name(), target(route));
            route.versions().forEach((version, resource) -> {
                if (!version.isEmpty()) {
                    byTarget.put(route.name() + "@" + version, resource);
                }
            });
            for (String host : route.hosts()) {
                if (byHost.put(host, target(route)) != null) {
                    throw new IllegalArgumentException("two models claim the host " + host);
                }
            }
        }
        models = new NameTable<>(byName);
        targets = new NameTable<>(byTarget);
        hosts = Map.copyOf(byHost);
    }

    private static Resource target(ModelRoute route) {
        return requireNonNull(route.versions().get(route.defaultVersion()), "the default version is missing");
    }

    /** Tells {@code call} its resource, action and upstream path; leaves it as it is when nothing fits. */
    public void route(Call call) {
        RequestHead request = call.request();
        String path = request.path();
        if (!hosts.isEmpty()) {
            Resource resource = hosts.get(host(request.authority()));
            if (resource != null) {
                call.routed(resource, Action.INVOKE, path);
                return;
            }
        }
        if (path.startsWith(V1_MODELS) || path.startsWith(V2_MODELS)) {
            // An upstream that takes two slashes for one would read another version than is found here.
            Resource resource = path.contains("//") ? null : servingResource(path, V1_MODELS.length());
            if (resource != null) {
                call.routed(resource, Action.INVOKE, path);
            }
            return;
        }
        int slash = path.indexOf('/', 1);
        int end = slash < 0 ? path.length() : slash;
        Resource resource = targets.find(path, 1, end);
        if (resource != null) {
            call.routed(resource, Action.INVOKE, slash < 0 ? "/" : path.substring(slash));
        }
    }

    private @Nullable Resource servingResource(String path, int start) {
        int end = segmentEnd(path, start);
        ModelRoute model = models.find(path, start, end);
        if (model == null) {
            return null;
        }
        int version = selector(path, end);
        if (version < 0 || model.versions().containsKey("")) {
            return target(model);
        }
        return model.versions().get(PercentCoding.decoded(path, version, segmentEnd(path, version)));
    }

    /** Where the version's name begins that stands at {@code index}; -1 when none does. */
    private static int selector(String path, int index) {
        if (path.startsWith(VERSIONS, index)) {
            return index + VERSIONS.length();
        }
        return path.startsWith(LABELS, index) ? index + LABELS.length() : -1;
    }

    /** Where the name that begins at {@code start} ends: at a slash, at the colon before a verb, or with the path. */
    private static int segmentEnd(String path, int start) {
        for (int i = start; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '/' || c == ':' || path.startsWith("%3A", i)) {
                return i;
            }
        }
        return path.length();
    }

    /** {@code authority} without port and without the root's dot. */
    private static String host(String authority) {
        int colon = authority.lastIndexOf(':');
        int end = colon > authority.lastIndexOf(']') ? colon : authority.length();
        if (end > 0 && authority.charAt(end - 1) == '.') {
            end--;
        }
        return authority.substring(0, end);
    }
}
