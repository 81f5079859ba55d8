package dev.sallyport.gateway.upstream;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.http.ClientConnector;
import dev.sallyport.gateway.http.ClientTls;
import dev.sallyport.gateway.http.Limits;
import dev.sallyport.gateway.http.LoopContext;
import dev.sallyport.gateway.http.Loops;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All upstreams of a gateway. Lives outside the snapshot, so that a reload keeps the pools and the health of the endpoints
 * that stay. Safe for use by several threads.
 */
public final class Upstreams implements AutoCloseable {
    static final long TUNNEL_IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(Limits.DEFAULTS.tunnelIdleMillis());
    private static final int LOOK_UP_THREADS = 4;
    private static final int LOOK_UPS_MAX = 1_000;

    /** Taken by those who change the settings; never on the path of a call. */
    private final Object changing = new Object();
    private final UpstreamContext context;
    private final ThreadPoolExecutor lookUps;
    private final Map<TlsSpec, ClientTls> tls = new HashMap<>();
    private volatile Map<String, Upstream> upstreams = Map.of();

    public Upstreams(Loops loops, Time time) {
        this(loops, time, host -> List.of(InetAddress.getAllByName(host)));
    }

    Upstreams(Loops loops, Time time, Addresses.NameService nameService) {
        requireNonNull(loops, "loops is null");
        requireNonNull(time, "time is null");
        lookUps = new ThreadPoolExecutor(
                LOOK_UP_THREADS,
                LOOK_UP_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(LOOK_UPS_MAX),
                Thread.ofPlatform().daemon().name("name-look-up-", 0).factory());
        lookUps.allowCoreThreadTimeOut(true);
        context = new UpstreamContext(loops, time, new ClientConnector(loops, Limits.DEFAULTS), nameService, lookUps);
    }

    /** Where the resource with this id is served; null when nothing is configured for it. */
    public @Nullable Upstream find(String resourceId) {
        return upstreams.get(resourceId);
    }

    /**
     * Takes {@code specs} in place of what there was. Endpoints that stay the same keep their pools and health; those that
     * are gone end their calls in flight and close. Changes nothing when it throws.
     *
     * @throws IllegalArgumentException when two have the same id, or a file of TLS settings cannot be used; the message names it
     */
    public void apply(List<UpstreamSpec> specs) {
        requireDistinct(specs);
        synchronized (changing) {
            change(specs);
        }
    }

    private void change(List<UpstreamSpec> specs) {
        Map<TlsSpec, ClientTls> nextTls = loadTls(specs);
        Map<String, Upstream> before = upstreams;
        Map<String, Upstream> next = new HashMap<>();
        Set<Endpoint> gone = new HashSet<>(endpoints(before));
        for (UpstreamSpec spec : specs) {
            Upstream known = before.get(spec.id());
            Upstream.Settings settings = settings(spec, known,
                    spec.endpoints().stream().anyMatch(EndpointSpec::secure) ? nextTls.get(spec.tls()) : null);
            settings.endpoints().forEach(gone::remove);
            if (known == null) {
                next.put(spec.id(), new Upstream(spec.id(), settings));
            } else {
                known.configure(settings);
                next.put(spec.id(), known);
            }
        }
        upstreams = Map.copyOf(next);
        before.forEach((id, upstream) -> {
            if (!next.containsKey(id)) {
                stopChecks(upstream.settings().checks());
            }
        });
        gone.forEach(Endpoint::retire);
        tls.values().stream().filter(old -> !nextTls.containsValue(old)).forEach(ClientTls::release);
        tls.clear();
        tls.putAll(nextTls);
    }

    private static void requireDistinct(List<UpstreamSpec> specs) {
        Set<String> ids = new HashSet<>();
        for (UpstreamSpec spec : specs) {
            if (!ids.add(spec.id())) {
                throw new IllegalArgumentException("there are two upstreams with the id " + spec.id());
            }
        }
    }

    /** One context for each of the settings in use; those whose files have not changed stay. */
    private Map<TlsSpec, ClientTls> loadTls(List<UpstreamSpec> specs) {
        Map<TlsSpec, ClientTls> next = new HashMap<>();
        try {
            for (UpstreamSpec spec : specs) {
                if (!next.containsKey(spec.tls()) && spec.endpoints().stream().anyMatch(EndpointSpec::secure)) {
                    TlsSpec asked = spec.tls();
                    ClientTls known = tls.get(asked);
                    next.put(asked, known != null && known.current() ? known
                            : ClientTls.load(asked.trust(), asked.certificate(), asked.key()));
                }
            }
        } catch (IllegalArgumentException e) {
            next.values().stream().filter(loaded -> !tls.containsValue(loaded)).forEach(ClientTls::release);
            throw e;
        }
        return next;
    }

    private Upstream.Settings settings(UpstreamSpec spec, @Nullable Upstream known, @Nullable ClientTls clientTls) {
        Map<Endpoint.Key, Endpoint> kept = new HashMap<>();
        HealthChecks checks = null;
        if (known != null) {
            known.settings().endpoints().forEach(endpoint -> kept.put(endpoint.key(), endpoint));
            checks = known.settings().checks();
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (EndpointSpec each : spec.endpoints()) {
            Endpoint.Key key = Endpoint.Key.of(each, spec);
            Endpoint endpoint = kept.remove(key);
            if (endpoint == null) {
                endpoint = new Endpoint(key, each, spec, clientTls, context);
            } else {
                endpoint.configure(each, spec, clientTls);
            }
            endpoints.add(endpoint);
        }
        return new Upstream.Settings(spec, List.copyOf(endpoints), checks(spec, endpoints, checks));
    }

    private @Nullable HealthChecks checks(UpstreamSpec spec, List<Endpoint> endpoints, @Nullable HealthChecks before) {
        HealthSpec health = spec.health();
        if (before != null && health != null && before.same(health, endpoints)) {
            return before;
        }
        stopChecks(before);
        if (health == null) {
            endpoints.forEach(endpoint -> endpoint.health().unchecked());
            return null;
        }
        HealthChecks checks = new HealthChecks(health, List.copyOf(endpoints), anyLoop(spec.id()));
        checks.start();
        return checks;
    }

    private static void stopChecks(@Nullable HealthChecks checks) {
        if (checks != null) {
            checks.stop();
        }
    }

    private LoopContext anyLoop(String id) {
        List<LoopContext> all = new ArrayList<>();
        context.loops().contexts().forEach(all::add);
        return all.get(Math.floorMod(id.hashCode(), all.size()));
    }

    private static List<Endpoint> endpoints(Map<String, Upstream> upstreams) {
        return upstreams.values().stream().flatMap(upstream -> upstream.settings().endpoints().stream()).toList();
    }

    /** The state of every endpoint, in no particular order. */
    public List<EndpointState> states() {
        List<EndpointState> states = new ArrayList<>();
        for (Upstream upstream : upstreams.values()) {
            for (Endpoint endpoint : upstream.settings().endpoints()) {
                states.add(EndpointState.of(upstream.id(), endpoint));
            }
        }
        return states;
    }

    /** Closes every connection; calls in flight fail. To be called before the loops end. */
    @Override
    public void close() {
        synchronized (changing) {
            closeAll();
        }
    }

    private void closeAll() {
        Map<String, Upstream> before = upstreams;
        upstreams = Map.of();
        before.values().forEach(upstream -> stopChecks(upstream.settings().checks()));
        endpoints(before).forEach(Endpoint::close);
        tls.values().forEach(ClientTls::release);
        tls.clear();
        lookUps.shutdownNow();
    }
}
