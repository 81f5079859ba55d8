package dev.sallyport.gateway.inspect.answer;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.inspect.answer.AnswerRule.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a URL by which a model names itself into one that its clients can use.
 *
 * <p>A model knows neither the gateway's name nor the path under which the gateway offers it: FastAPI redirects
 * {@code /predict} to {@code http://127.0.0.1:8000/predict/}. That becomes {@code /resnet/predict/}. A URL that leads
 * elsewhere has no such form.
 */
final class Redirection {
    private final List<Origin> origins;

    Redirection(List<Origin> origins) {
        this.origins = List.copyOf(origins);
    }

    /** What the client of {@code call} is told instead of {@code location}; null when that leads elsewhere. */
    @Nullable
    String forClient(Call call, String location) {
        if (location.indexOf('\\') >= 0) {
            return null; // browsers take it for a slash
        }
        if (location.startsWith("//")) {
            return absolute(call, location, 2);
        }
        if (location.startsWith("/")) {
            return mapped(call, location, origins.isEmpty() ? "" : origins.getFirst().basePath());
        }
        int scheme = schemeEnd(location);
        if (scheme < 0) {
            return location; // relative to what the client asked for
        }
        boolean http = location.regionMatches(true, 0, "http:", 0, scheme + 1)
                || location.regionMatches(true, 0, "https:", 0, scheme + 1);
        return http && location.startsWith("//", scheme + 1) ? absolute(call, location, scheme + 3) : null;
    }

    /** Where the colon is behind a scheme (RFC 3986 section 4.2); -1 when the reference is relative. */
    private static int schemeEnd(String location) {
        for (int i = 0; i < location.length(); i++) {
            char c = location.charAt(i);
            if (c == ':') {
                return i;
            }
            if (c == '/' || c == '?' || c == '#') {
                return -1;
            }
        }
        return -1;
    }

    private @Nullable String absolute(Call call, String location, int start) {
        int end = start;
        while (end < location.length() && "/?#".indexOf(location.charAt(end)) < 0) {
            end++;
        }
        String rest = end < location.length() && location.charAt(end) == '/' ? location.substring(end)
                : "/" + location.substring(end);
        String authority = location.substring(start, end);
        for (Origin origin : origins) {
            if (authority.equalsIgnoreCase(origin.authority())
                    || authority.equalsIgnoreCase(withoutOwnPort(origin))) {
                return mapped(call, rest, origin.basePath());
            }
        }
        return authority.equalsIgnoreCase(call.request().authority()) ? mapped(call, rest, "") : null;
    }

    private static String withoutOwnPort(Origin origin) {
        String port = origin.secure() ? ":443" : ":80";
        String authority = origin.authority();
        return authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
    }

    private static String mapped(Call call, String upstreamPath, String basePath) {
        boolean below = !basePath.isEmpty() && upstreamPath.startsWith(basePath + "/");
        String path = below ? upstreamPath.substring(basePath.length()) : upstreamPath;
        String mapped = prefix(call) + path;
        return mapped.startsWith("//") ? "/." + mapped : mapped; // else the first segment would be an authority
    }

    /** What the gateway takes off a client's path before it asks the model. */
    private static String prefix(Call call) {
        String asked = call.request().path();
        String upstream = call.upstreamPath();
        if (asked.endsWith(upstream)) {
            return asked.substring(0, asked.length() - upstream.length());
        }
        return upstream.equals("/") ? asked : "";
    }
}
