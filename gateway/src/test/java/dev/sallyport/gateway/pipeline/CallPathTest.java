package dev.sallyport.gateway.pipeline;

import static dev.sallyport.gateway.pipeline.TestingControl.answering;
import static dev.sallyport.gateway.pipeline.TestingControl.identifying;
import static dev.sallyport.gateway.pipeline.TestingControl.passing;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.call.Trace;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.http.Loops;
import dev.sallyport.gateway.route.ModelRoute;
import dev.sallyport.gateway.route.Router;
import dev.sallyport.gateway.telemetry.CallSink;
import dev.sallyport.gateway.telemetry.Sampling;
import dev.sallyport.gateway.telemetry.Tracing;
import dev.sallyport.gateway.upstream.EndpointSpec;
import dev.sallyport.gateway.upstream.Timeouts;
import dev.sallyport.gateway.upstream.TlsSpec;
import dev.sallyport.gateway.upstream.UpstreamSpec;
import dev.sallyport.gateway.upstream.Upstreams;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallPathTest {
    private final Queue<Call> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger settled = new AtomicInteger();
    private final Loops loops = new Loops(1, Time.SYSTEM, new SplittableRandom(1));
    private final Upstreams upstreams = new Upstreams(loops, Time.SYSTEM);
    private EchoServer upstream;
    private Tracing tracing = Tracing.off();

    @BeforeEach
    void startUpstream() {
        upstream = new EchoServer();
        upstreams.apply(List.of(new UpstreamSpec(
                "m", List.of(new EndpointSpec(false, "127.0.0.1", upstream.port(), "")),
                UpstreamSpec.ClientProtocol.AUTOMATIC, Timeouts.DEFAULTS,
                TlsSpec.DEFAULTS, 4, 0, 0.2, null, false, null)));
    }

    @AfterEach
    void stop() {
        upstreams.close();
        loops.close();
        upstream.close();
    }

    @Test
    void forwardsACallThatEveryControlPasses() throws Exception {
        FakeExchange exchange = run(exchange("POST", "/m/predict", 5).onFirstResume(() -> {}), "hello", identifying(),
                settling(), passing("c"), passing("d"));

        assertThat(exchange.response().status()).isEqualTo(200);
        assertThat(exchange.body()).isEqualTo("POST /predict hello");
        assertThat(exchange.response().headers().first("sallyport-call")).isEqualTo(onlyCall().id());
        assertThat(onlyCall().controls()).containsExactly("identify", "b", "c", "d");
        assertThat(onlyCall().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(onlyCall().timeline().marked(Phase.LAST_BYTE)).isTrue();
        assertThat(onlyCall().timeline().marked(Phase.RECORD)).isTrue();
        assertThat(settled).hasValue(1);
    }

    @Test
    void aTracedCallShowsTheUpstreamTheSpanOfItsAttempt() throws Exception {
        tracing = Tracing.on(new Sampling(1, new Sampling.Allowance(1, 1_000, 1), null), _ -> false, 0);
        FakeExchange exchange = exchange("GET", "/m/x", 0);
        exchange.request().headers().add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
                .add("tracestate", "vendor=1").add("tracestate", "other=2");

        run(exchange, null, identifying(), passing("b"), passing("c"), passing("d"));

        Trace trace = Objects.requireNonNull(onlyCall().trace());
        Trace.Attempt attempt = trace.attempts().getFirst();
        assertThat(upstream.lastHead()).contains("traceparent: " + attempt.traceParent() + "\n")
                .contains("tracestate: vendor=1,other=2\n").containsOnlyOnce("traceparent")
                .containsOnlyOnce("tracestate").doesNotContain("00f067aa0ba902b7");
        assertThat(attempt.traceParent()).startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-").endsWith("-01");
        assertThat(attempt.traceParent()).isNotEqualTo(onlyCall().traceParent());
        assertThat(attempt.status()).isEqualTo(200);
        assertThat(attempt.endedNanos()).isGreaterThan(attempt.beganNanos());
    }

    @Test
    void withoutTracingAValidContextPassesAsItCameAndABrokenOneDoesNot() throws Exception {
        String valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        FakeExchange passed = exchange("GET", "/m/x", 0);
        passed.request().headers().add("traceparent", valid).add("tracestate", "vendor=1");
        run(passed, null, identifying(), passing("b"), passing("c"), passing("d"));
        assertThat(upstream.lastHead()).contains("traceparent: " + valid + "\n").contains("tracestate: vendor=1\n");

        FakeExchange broken = exchange("GET", "/m/x", 0);
        broken.request().headers().add("traceparent", valid.replace("4b", "4B")).add("tracestate", "vendor=1");
        run(broken, null, identifying(), passing("b"), passing("c"), passing("d"));
        assertThat(upstream.lastHead()).doesNotContain("traceparent").doesNotContain("tracestate");
    }

    @Test
    void aControlThatThrowsRefusesAndNothingIsForwarded() throws Exception {
        FakeExchange exchange = run(
                exchange("GET", "/m/x", 0), null, identifying(), settling(), answering("broken", _ -> {
                    throw new IllegalStateException("the table is on fire");
                }), passing("never"));

        assertThat(exchange.response().status()).isEqualTo(500);
        assertThat(exchange.body()).contains("\"code\":\"control-failed\"").contains("broken")
                .doesNotContain("on fire");
        assertThat(upstream.requests()).isZero();
        assertThat(onlyCall().controls()).containsExactly("identify", "b", "broken");
        assertThat(settled).hasValue(1);
    }

    @Test
    void aRefusalEndsTheCallBeforeLaterControlsRun() throws Exception {
        FakeExchange exchange = run(
                exchange("GET", "/m/x", 0), null, identifying(),
                answering("limit",
                        _ -> Refusal.of(RefusalCode.RATE_LIMITED, "Slow down.").withField("retry-after", "3")),
                passing("never"), passing("never"));

        assertThat(exchange.response().status()).isEqualTo(429);
        assertThat(exchange.response().headers().first("retry-after")).isEqualTo("3");
        assertThat(exchange.response().headers().first("content-type")).isEqualTo("application/problem+json");
        assertThat(onlyCall().responseBytes()).isEqualTo(exchange.body().length()).isPositive();
        assertThat(onlyCall().controls()).containsExactly("identify", "limit");
        assertThat(onlyCall().outcome()).isEqualTo(Outcome.POLICY);
    }

    @Test
    void aCallThatPassesEveryControlWithoutACallerIsNotForwarded() throws Exception {
        FakeExchange exchange =
                run(exchange("GET", "/m/x", 0), null, passing("identify"), passing("b"), passing("c"), passing("d"));

        assertThat(exchange.response().status()).isEqualTo(500);
        assertThat(upstream.requests()).isZero();
    }

    @Test
    void aVerdictMayComeLaterFromAnotherThread() throws Exception {
        CompletableFuture<Verdict> later = new CompletableFuture<>();
        later.completeAsync(() -> Verdict.PASS);

        FakeExchange exchange = run(exchange("GET", "/m/x", 0), null, identifying(),
                answering("b", _ -> new Verdict.Later(later)), passing("c"), passing("d"));

        assertThat(exchange.response().status()).isEqualTo(200);
        assertThat(onlyCall().controls()).containsExactly("identify", "b", "c", "d");
    }

    @Test
    void aLaterVerdictThatFailsOrIsLaterAgainRefuses() throws Exception {
        FakeExchange failed = run(
                exchange("GET", "/m/x", 0), null, identifying(),
                answering("b",
                        _ -> new Verdict.Later(CompletableFuture.failedFuture(new IllegalStateException("gone")))),
                passing("c"), passing("d"));
        FakeExchange again = run(
                exchange("GET", "/m/x", 0), null, identifying(),
                answering("b",
                        _ -> new Verdict.Later(
                                CompletableFuture.completedFuture(new Verdict.Later(new CompletableFuture<>())))),
                passing("c"),
                passing("d"));

        assertThat(failed.response().status()).isEqualTo(500);
        assertThat(again.response().status()).isEqualTo(500);
        assertThat(upstream.requests()).isZero();
    }

    @Test
    void aVerdictThatNeverComesRefusesAtTheDeadline() throws Exception {
        FakeExchange exchange = run(
                new FakeExchange(loop(), "GET", "/m/x", Headers.of("sallyport-timeout-ms", "1"), 0), null,
                identifying(),
                answering("b", _ -> new Verdict.Later(new CompletableFuture<>())), passing("c"), passing("d"));

        assertThat(exchange.response().status()).isEqualTo(500);
        assertThat(exchange.body()).contains("control-failed");
    }

    @Test
    void aControlThatNeedsTheWholeBodySeesItBeforeTheUpstreamSeesAByte() throws Exception {
        AtomicInteger requestsWhenSeen = new AtomicInteger(-1);
        Control whole = passing("d").needing(new BodyNeed.Whole(10), (_, body) -> {
            requestsWhenSeen.set(upstream.requests());
            return body.equals("hello") ? Verdict.PASS : Refusal.of(RefusalCode.BODY_TOO_LARGE, "wrong");
        });

        FakeExchange exchange =
                run(exchange("POST", "/m/x", 5), "hello", identifying(), passing("b"), passing("c"), whole);

        assertThat(exchange.body()).isEqualTo("POST /x hello");
        assertThat(requestsWhenSeen).hasValue(0);
    }

    @Test
    void aBodyBeyondWhatAControlCanInspectIsRefused() throws Exception {
        Control whole = passing("d").needing(new BodyNeed.Whole(4), (_, _) -> Verdict.PASS);

        FakeExchange exchange =
                run(exchange("POST", "/m/x", 5), "hello", identifying(), passing("b"), passing("c"), whole);

        assertThat(exchange.response().status()).isEqualTo(413);
        assertThat(upstream.requests()).isZero();
    }

    @Test
    void aControlThatThrowsOnABodyRefuses() throws Exception {
        Control whole = passing("d").needing(new BodyNeed.Whole(10), (_, _) -> {
            throw new IllegalStateException("cannot read");
        });

        FakeExchange exchange =
                run(exchange("POST", "/m/x", 5), "hello", identifying(), passing("b"), passing("c"), whole);

        assertThat(exchange.response().status()).isEqualTo(500);
        assertThat(upstream.requests()).isZero();
    }

    @Test
    void aRefusedChunkEndsTheCall() throws Exception {
        Control chunks =
                passing("d").needing(BodyNeed.CHUNKS, (_, _) -> Refusal.of(RefusalCode.BODY_TOO_LARGE, "Too long."));

        FakeExchange exchange =
                run(exchange("POST", "/m/x", 5), "hello", identifying(), passing("b"), passing("c"), chunks);

        assertThat(exchange.response().status()).isEqualTo(413);
        assertThat(onlyCall().outcome()).isEqualTo(Outcome.CLIENT);
    }

    @Test
    void theTimeOfAFailedAttemptIsChargedToThePhaseThatItWasIn() throws Exception {
        upstream.close();
        FakeExchange exchange =
                run(exchange("GET", "/m/x", 0), null, identifying(), passing("b"), passing("c"), passing("d"));

        assertThat(exchange.response().status()).isEqualTo(502);
        assertThat(exchange.body()).contains("\"code\":\"upstream-connect-failed\"").doesNotContain("127.0.0.1");
        assertThat(onlyCall().failure()).contains("127.0.0.1:" + upstream.port());
        assertThat(onlyCall().outcome()).isEqualTo(Outcome.UPSTREAM);
        assertThat(onlyCall().timeline().marked(Phase.CONNECT)).isTrue();
        assertThat(onlyCall().timeline().marked(Phase.FIRST_BYTE)).isFalse();
    }

    @Test
    void grpcCallersGetTheStatusOfARefusalInTrailersOnly() throws Exception {
        FakeExchange exchange = run(
                new FakeExchange(loop(), "POST", "/m/x", Headers.of("content-type", "application/grpc+proto"), 0), null,
                answering("identify", _ -> Refusal.of(RefusalCode.CREDENTIAL_MISSING, "100 % sure.")), passing("b"),
                passing("c"), passing("d"));

        assertThat(exchange.response().status()).isEqualTo(200);
        assertThat(exchange.response().headers().first("grpc-status")).isEqualTo("16");
        assertThat(exchange.response().headers().first("grpc-message")).isEqualTo("credential-missing: 100 %25 sure.");
    }

    @Test
    void aClientThatHangsUpEndsTheCallOnce() throws Exception {
        FakeExchange exchange = exchange("POST", "/m/x", 5);
        exchange.onFirstResume(() -> {
            exchange.listener().disconnected();
            exchange.listener().requestChunk(Unpooled.copiedBuffer("late", UTF_8));
            exchange.listener().disconnected();
            exchange.done().complete(exchange);
        });
        run(exchange, null, identifying(), settling(), passing("c"), passing("d"));

        assertThat(onlyCall().status()).isEqualTo(499);
        assertThat(onlyCall().outcome()).isEqualTo(Outcome.CLIENT);
        assertThat(settled).hasValue(1);
        assertThat(exchange.answered()).isFalse();
    }

    @Test
    void neitherCredentialNorTheGatewaysOwnFieldsComeFromTheClient() throws Exception {
        Headers headers = Headers.of("authorization", "Bearer secret", "x-api-key", "secret", "sallyport-caller",
                "admin", "accept", "*/*");
        run(new FakeExchange(loop(), "GET", "/m/x", headers, 0), null, identifying(), passing("b"), passing("c"),
                passing("d"));

        assertThat(upstream.lastHead()).doesNotContain("secret").doesNotContain("admin").contains("accept: */*")
                .contains("sallyport-caller: tester");
    }

    private FakeExchange exchange(String method, String path, long contentLength) {
        return new FakeExchange(loop(), method, path, new Headers(), contentLength);
    }

    private EventLoop loop() {
        return (EventLoop) loops.group().iterator().next();
    }

    private Control settling() {
        return answering("b", call -> {
            call.atEnd(settled::incrementAndGet);
            return Verdict.PASS;
        });
    }

    private Call onlyCall() {
        assertThat(ended).hasSize(1);
        return ended.element();
    }

    private FakeExchange run(FakeExchange exchange, @org.jspecify.annotations.Nullable String body, Control... controls)
            throws Exception {
        if (body != null) {
            exchange.onFirstResume(() -> {
                exchange.listener().requestChunk(Unpooled.copiedBuffer(body, UTF_8));
                exchange.listener().requestEnd(new Headers(0));
            });
        }
        Router router = new Router(
                List.of(new ModelRoute("m", Map.of("", Resource.model("m", "", null, Map.of())), "", List.of())));
        Snapshot snapshot = new Snapshot("test", router, List.of(
                new Snapshot.Station(Phase.IDENTIFY, controls[0]), new Snapshot.Station(Phase.LIMIT, controls[1]),
                new Snapshot.Station(Phase.AUTHORIZE, controls[2]), new Snapshot.Station(Phase.INSPECT, controls[3])),
                List.of(), upstreams);
        CallPath path = new CallPath(loops, Time.SYSTEM, new CallSink() {
            @Override
            public void ended(Call call) {
                ended.add(call);
            }

            @Override
            public void refused(Peer peer, String callId, Refusal reason) {}
        }, tracing, snapshot);
        loop().execute(() -> path.handle(exchange));
        return exchange.done().get(20, TimeUnit.SECONDS);
    }
}
