package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Deadline;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.call.Timeline;
import dev.sallyport.gateway.http.Attempt;
import dev.sallyport.gateway.http.LoopContext;
import dev.sallyport.gateway.http.Loops;
import dev.sallyport.gateway.testing.Http2Upstream;
import dev.sallyport.gateway.testing.ManualTime;
import dev.sallyport.gateway.testing.RawUpstream;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A gateway's way to its upstreams, by itself: loops, an injected clock, and calls that are forwarded. */
final class Forwarding implements AutoCloseable {
    static final String ID = "model";
    private static final long PATIENCE_MS = 20_000;

    final ManualTime time = new ManualTime();
    final Loops loops;
    final Upstreams upstreams;

    Forwarding() {
        this(1);
    }

    Forwarding(int loopCount) {
        loops = new Loops(loopCount, time, new SplittableRandom(42));
        upstreams = new Upstreams(loops, time);
    }

    Forwarding(Addresses.NameService names) {
        loops = new Loops(1, time, new SplittableRandom(42));
        upstreams = new Upstreams(loops, time, names);
    }

    /** Serves the one resource at {@code servers}, with time-outs so long that only a passing of the injected time reaches them. */
    Forwarding to(RawUpstream... servers) {
        return with(spec -> spec, servers);
    }

    Forwarding with(UnaryOperator<SpecBuilder> settings, RawUpstream... servers) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        for (RawUpstream server : servers) {
            endpoints.add(endpoint(server.port()));
        }
        upstreams.apply(List.of(settings.apply(new SpecBuilder(endpoints)).build()));
        return this;
    }

    /** Serves the one resource over HTTP/2 at {@code server}. */
    Forwarding with(UnaryOperator<SpecBuilder> settings, Http2Upstream server) {
        upstreams.apply(List.of(settings
                .apply(new SpecBuilder(List.of(endpoint(server.port()))).protocol(UpstreamSpec.ClientProtocol.HTTP_2))
                .build()));
        return this;
    }

    Forwarding to(Http2Upstream server) {
        return with(spec -> spec, server);
    }

    static EndpointSpec endpoint(int port) {
        return new EndpointSpec(false, "127.0.0.1", port, "");
    }

    LoopContext context() {
        return contexts().getFirst();
    }

    List<LoopContext> contexts() {
        List<LoopContext> contexts = new ArrayList<>();
        loops.contexts().forEach(contexts::add);
        return contexts;
    }

    Upstream upstream() {
        Upstream found = upstreams.find(ID);
        if (found == null) {
            throw new AssertionError("no upstream");
        }
        return found;
    }

    EndpointState state(int index) {
        return EndpointState.of(ID, upstream().settings().endpoints().get(index));
    }

    Endpoint endpointAt(int index) {
        return upstream().settings().endpoints().get(index);
    }

    static RequestHead head(String method, String path, long contentLength, String... fields) {
        return new RequestHead(Protocol.HTTP_1_1, method, "http", "client.example", path, null, Headers.of(fields),
                contentLength, null);
    }

    ForwardProbe get(String path) {
        return forward(head("GET", path, 0), true);
    }

    /** Posts {@code body} with its length declared. */
    ForwardProbe post(String path, String body) {
        return forward(head("POST", path, body.length()), false).body(body).end();
    }

    ForwardProbe forward(RequestHead head, boolean end) {
        return forward(head, end, Duration.ofHours(1), context());
    }

    ForwardProbe forward(RequestHead head, boolean end, Duration deadline, LoopContext on) {
        Call call = call(time, head, deadline);
        ForwardProbe probe = new ForwardProbe(call, on);
        on(on, () -> {
            probe.begin(upstream().forward(call, head, end, on, probe));
            return null;
        });
        return probe;
    }

    /** Sends the body without waiting until the upstream is ready for it. */
    ForwardProbe forwardWithBodyAtOnce(RequestHead head, String... chunks) {
        Call call = call(time, head, Duration.ofHours(1));
        ForwardProbe probe = new ForwardProbe(call, context());
        on(context(), () -> {
            Attempt attempt = upstream().forward(call, head, false, context(), probe);
            probe.begin(attempt);
            for (String chunk : chunks) {
                attempt.chunk(Unpooled.copiedBuffer(chunk, StandardCharsets.ISO_8859_1));
            }
            attempt.end(new Headers(0));
            return null;
        });
        return probe;
    }

    static Call call(Time time, RequestHead head, Duration deadline) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        Peer peer =
                new Peer(new InetSocketAddress(loopback, 1), loopback, new InetSocketAddress(loopback, 2), false, null);
        return new Call("call", head, peer, new Timeline(time.nanos()), time.epochMillis(),
                Deadline.after(time.nanos(), deadline.toNanos()));
    }

    /** Runs {@code action} on the loop of {@code context} and waits for it. */
    static <T> T on(LoopContext context, Callable<T> action) {
        try {
            return context.loop().submit(action).get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the loops have come to {@code condition}. */
    void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("in vain: " + what);
            }
            finishTurn();
            Thread.yield();
        }
    }

    /** Waits until each loop has done what it was doing. */
    void finishTurn() {
        for (LoopContext context : contexts()) {
            on(context, () -> null);
        }
    }

    @Override
    public void close() {
        upstreams.close();
        loops.close();
    }
}
