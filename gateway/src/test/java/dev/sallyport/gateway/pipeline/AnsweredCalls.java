package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.AnswerControl;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.http.Loops;
import dev.sallyport.gateway.route.ModelRoute;
import dev.sallyport.gateway.route.Router;
import dev.sallyport.gateway.telemetry.CallSink;
import dev.sallyport.gateway.telemetry.Tracing;
import dev.sallyport.gateway.testing.RawUpstream;
import dev.sallyport.gateway.upstream.EndpointSpec;
import dev.sallyport.gateway.upstream.Timeouts;
import dev.sallyport.gateway.upstream.TlsSpec;
import dev.sallyport.gateway.upstream.UpstreamSpec;
import dev.sallyport.gateway.upstream.Upstreams;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The path of a call with a fake client at one end and scripted upstreams at the other, for the tests of answers. */
final class AnsweredCalls implements AutoCloseable {
    private final Loops loops = new Loops(1, Time.SYSTEM, new SplittableRandom(1));
    private final Upstreams upstreams = new Upstreams(loops, Time.SYSTEM);
    private final BlockingQueue<Call> ended = new LinkedBlockingQueue<>();
    private final AtomicInteger settled = new AtomicInteger();
    private final List<RawUpstream> servers = new ArrayList<>();

    /** Upstreams that answer every connection with these texts, one upstream per text, and wait for its end. */
    AnsweredCalls(String... answers) throws Exception {
        List<EndpointSpec> endpoints = new ArrayList<>();
        for (String answer : answers) {
            RawUpstream server = RawUpstream.start(connection -> {
                while (true) {
                    connection.readRequest();
                    connection.write(answer);
                }
            });
            servers.add(server);
            endpoints.add(new EndpointSpec(false, "127.0.0.1", server.port(), ""));
        }
        upstreams.apply(List.of(new UpstreamSpec("m", endpoints, UpstreamSpec.ClientProtocol.AUTOMATIC,
                Timeouts.DEFAULTS, TlsSpec.DEFAULTS, 4, answers.length - 1, 1, null, false, null)));
    }

    FakeExchange get(AnswerControl... controls) throws Exception {
        return run(exchange("GET"), controls);
    }

    FakeExchange exchange(String method) {
        return exchange(method, new Headers());
    }

    FakeExchange exchange(String method, Headers headers) {
        return new FakeExchange(loop(), method, "/m/x", headers, 0);
    }

    FakeExchange run(FakeExchange exchange, AnswerControl... controls) throws Exception {
        Router router = new Router(
                List.of(new ModelRoute("m", Map.of("", Resource.model("m", "", null, Map.of())), "", List.of())));
        TestingControl settling = TestingControl.answering("charge", call -> {
            call.answerField("ratelimit", "ours");
            call.atEnd(settled::incrementAndGet);
            return Verdict.PASS;
        });
        Snapshot snapshot = new Snapshot("test", router, List.of(
                new Snapshot.Station(Phase.IDENTIFY, TestingControl.identifying()),
                new Snapshot.Station(Phase.LIMIT, settling)), List.of(controls), upstreams);
        CallPath path = new CallPath(loops, Time.SYSTEM, new CallSink() {
            @Override
            public void ended(Call call) {
                ended.add(call);
            }

            @Override
            public void refused(Peer peer, String callId, Refusal reason) {}
        }, Tracing.off(), snapshot);
        loop().execute(() -> path.handle(exchange));
        return exchange.done().get(20, TimeUnit.SECONDS);
    }

    /** The one call that has ended, after everything that the loop still had to do for it. */
    Call onlyCall() throws Exception {
        loop().submit(() -> {}).get(20, TimeUnit.SECONDS);
        if (ended.size() != 1 || settled.get() != 1) {
            throw new AssertionError(ended.size() + " calls have ended, and " + settled + " were settled");
        }
        return ended.element();
    }

    /** What the upstream of the first text notices next, such as that the connection has ended. */
    String awaitUpstream() throws InterruptedException {
        return servers.getFirst().awaitEvent();
    }

    private EventLoop loop() {
        return (EventLoop) loops.group().iterator().next();
    }

    @Override
    public void close() throws Exception {
        upstreams.close();
        loops.close();
        for (RawUpstream server : servers) {
            server.close();
        }
    }
}
