package dev.sallyport.app;

import dev.sallyport.gateway.upstream.UpstreamSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The upstreams that a reload has removed and that must stay a while: a call that was routed by the snapshot before may
 * not have asked for its upstream yet. Not safe for use by several threads.
 */
final class LingeringUpstreams {
    /** Between routing and forwarding there is no wait; this is for a machine that stands still in that moment. */
    static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(10);

    private record Removed(UpstreamSpec spec, long atNanos) {
        boolean over(long nowNanos) {
            return nowNanos - atNanos >= LINGER_NANOS;
        }
    }

    private final Map<String, Removed> removed = new HashMap<>();
    private List<UpstreamSpec> wanted = List.of();

    /** What there must be when {@code next} is wanted: that, and what has to stay a while. */
    List<UpstreamSpec> with(List<UpstreamSpec> next, long nowNanos) {
        Map<String, UpstreamSpec> all = new LinkedHashMap<>();
        next.forEach(spec -> all.put(spec.id(), spec));
        wanted.forEach(spec -> all.putIfAbsent(spec.id(), spec));
        removed.values().forEach(each -> {
            if (!each.over(nowNanos)) {
                all.putIfAbsent(each.spec.id(), each.spec);
            }
        });
        return List.copyOf(all.values());
    }

    /** Takes note that {@code next} is wanted from now on, and nothing else. */
    void change(List<UpstreamSpec> next, long nowNanos) {
        wanted.forEach(spec -> removed.put(spec.id(), new Removed(spec, nowNanos)));
        next.forEach(spec -> removed.remove(spec.id()));
        wanted = List.copyOf(next);
    }

    /** What there must be by now. */
    List<UpstreamSpec> remaining(long nowNanos) {
        removed.values().removeIf(each -> each.over(nowNanos));
        return with(wanted, nowNanos);
    }

    /** Whether something lingers. */
    boolean any() {
        return !removed.isEmpty();
    }
}
