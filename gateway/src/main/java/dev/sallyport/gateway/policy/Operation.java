package dev.sallyport.gateway.policy;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One thing that a model offers: a method and a path, such as {@code POST /v1/predict}.
 *
 * @param method   as in the request line, or {@code *} for any
 * @param segments of the path, in order; {@code *} is any one segment that is not empty
 * @param open     whether anything may follow behind the segments
 */
public record Operation(String method, List<String> segments, boolean open) {
    private static final String ANY = "*";
    private static final String ANY_REST = "**";

    public Operation {
        requireNonNull(method, "method is null");
        segments = List.copyOf(segments);
    }

    /**
     * Of an absolute path in which a segment {@code *} stands for any one and a last segment {@code **} for any rest.
     *
     * @throws IllegalArgumentException when the path is not absolute, or {@code **} is not its end
     */
    public static Operation of(String method, String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("the path does not begin with a slash");
        }
        List<String> segments = List.of(path.substring(1).split("/", -1));
        int rest = segments.indexOf(ANY_REST);
        if (rest >= 0 && rest < segments.size() - 1) {
            throw new IllegalArgumentException("`**` can only be the last segment");
        }
        return rest < 0 ? new Operation(method, segments, false)
                : new Operation(method, segments.subList(0, rest), true);
    }

    /** Whether a request for {@code path}, absolute and in normal form, is this operation. */
    boolean matches(String requestMethod, String path) {
        if (!method.equals(ANY) && !method.equals(requestMethod)) {
            return false;
        }
        int at = 0;
        for (String segment : segments) {
            if (at >= path.length() || path.charAt(at) != '/') {
                return false;
            }
            int end = path.indexOf('/', at + 1);
            end = end < 0 ? path.length() : end;
            int length = end - at - 1;
            boolean fits = segment.equals(ANY) ? length > 0
                    : length == segment.length() && path.startsWith(segment, at + 1);
            if (!fits) {
                return false;
            }
            at = end;
        }
        return at == path.length() || open && path.charAt(at) == '/';
    }

    @Override
    public String toString() {
        return method + " /" + String.join("/", segments)
                + (open ? (segments.isEmpty() ? ANY_REST : "/" + ANY_REST) : "");
    }
}
