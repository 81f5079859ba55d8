package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.http.ClientConnector;
import dev.sallyport.gateway.http.ClientTarget;
import dev.sallyport.gateway.http.ClientTarget.Version;
import dev.sallyport.gateway.http.ClientTls;
import dev.sallyport.gateway.http.LoopContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One place that serves a resource: its health, its calls in flight and its pools, one per event loop. Lives across
 * reloads as long as its {@link Key} stays the same. Safe for use by several threads but for its pools.
 */
final class Endpoint {
    /** What makes an endpoint the same after a reload. */
    record Key(boolean secure, String host, int port, UpstreamSpec.ClientProtocol protocol, TlsSpec tls) {
        static Key of(EndpointSpec spec, UpstreamSpec upstream) {
            return new Key(spec.secure(), spec.host(), spec.port(), upstream.protocol(), upstream.tls());
        }
    }

    /** The settings that a reload may change. */
    private record Settings(EndpointSpec spec, long connectMillis, @Nullable ClientTls tls) {}

    private final Key key;
    private final String name;
    private final String authority;
    private final Addresses addresses;
    private final ClientConnector connector;
    private final Version version;
    private final Health health;
    private final Slots slots;
    private final AtomicInteger callsInFlight = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<LoopContext, ConnectionPool> pools = new HashMap<>();
    private final Map<LoopContext, ConnectionPool> tunnelPools = new HashMap<>();
    private volatile Settings settings;
    private volatile @Nullable Protocol learned;

    Endpoint(Key key, EndpointSpec spec, UpstreamSpec upstream, @Nullable ClientTls tls, UpstreamContext context) {
        this.key = key;
        name = spec.hostAndPort();
        authority = spec.port() == (spec.secure() ? 443 : 80) ? name.substring(0, name.lastIndexOf(':')) : name;
        addresses = new Addresses(spec.host(), context.nameService(), context.lookUps(), context.time());
        connector = context.connector();
        health = new Health(context.time());
        slots = new Slots(upstream.connections());
        settings = new Settings(spec, upstream.timeouts().connectMillis(), tls);
        version = switch (upstream.protocol()) {
            case AUTOMATIC -> spec.secure() ? Version.NEGOTIATED : Version.HTTP_1;
            case HTTP_1 -> Version.HTTP_1;
            case HTTP_2 -> Version.HTTP_2;
        };
        for (LoopContext loop : context.loops().contexts()) {
            ConnectionPool pool = new ConnectionPool(this, loop, version);
            pools.put(loop, pool);
            tunnelPools.put(loop,
                    version == Version.NEGOTIATED ? new ConnectionPool(this, loop, Version.HTTP_1) : pool);
        }
    }

    void configure(EndpointSpec spec, UpstreamSpec upstream, @Nullable ClientTls tls) {
        slots.bound(upstream.connections());
        settings = new Settings(spec, upstream.timeouts().connectMillis(), tls);
    }

    Key key() {
        return key;
    }

    /** {@code host:port}. */
    String name() {
        return name;
    }

    /** What goes into {@code Host} or {@code :authority}: without the port where that is the scheme's own. */
    String authority() {
        return authority;
    }

    EndpointSpec spec() {
        return settings.spec;
    }

    long connectMillis() {
        return settings.connectMillis;
    }

    Addresses addresses() {
        return addresses;
    }

    ClientConnector connector() {
        return connector;
    }

    ClientTarget target(Version version) {
        Settings current = settings;
        String serverName = key.tls.serverName();
        return new ClientTarget(name, serverName == null ? key.host : serverName, key.port, current.tls, version);
    }

    Health health() {
        return health;
    }

    Slots slots() {
        return slots;
    }

    Version version() {
        return version;
    }

    /** Whether it can carry tunnels: those need HTTP/1.1. */
    boolean tunnels() {
        return version != Version.HTTP_2;
    }

    ConnectionPool pool(LoopContext loop, boolean tunnel) {
        ConnectionPool pool = (tunnel ? tunnelPools : pools).get(loop);
        if (pool == null) {
            throw new IllegalArgumentException("not a loop of this gateway: " + loop.loop());
        }
        return pool;
    }

    /** Whether one connection of {@code asked} may carry many attempts, as far as is known. */
    boolean mayMultiplex(Version asked) {
        return switch (asked) {
            case HTTP_1 -> false;
            case HTTP_2 -> true;
            case NEGOTIATED -> learned != Protocol.HTTP_1_1;
        };
    }

    void learned(Protocol protocol) {
        learned = protocol;
    }

    int callsInFlight() {
        return callsInFlight.get();
    }

    void callBegan() {
        callsInFlight.incrementAndGet();
    }

    void callEnded() {
        callsInFlight.decrementAndGet();
    }

    int waiting() {
        return waiting.get();
    }

    void waiting(int more) {
        waiting.addAndGet(more);
    }

    /** How many connections each loop may hold while another one lacks some. */
    int fairShare() {
        return slots.most() / pools.size();
    }

    /** Asks the other loops to close one idle connection each, since {@code asking} gets no slot. */
    void askForIdle(ConnectionPool asking) {
        onEachPool(pool -> {
            if (pool != asking) {
                pool.giveUpIdle();
            }
        });
    }

    void retire() {
        onEachPool(ConnectionPool::retire);
    }

    void close() {
        onEachPool(ConnectionPool::close);
    }

    private void onEachPool(Consumer<ConnectionPool> action) {
        pools.forEach((loop, pool) -> loop.loop().execute(() -> action.accept(pool)));
        if (version == Version.NEGOTIATED) {
            tunnelPools.forEach((loop, pool) -> loop.loop().execute(() -> action.accept(pool)));
        }
    }
}
