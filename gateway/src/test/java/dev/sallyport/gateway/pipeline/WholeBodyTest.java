package dev.sallyport.gateway.pipeline;

import static dev.sallyport.gateway.pipeline.TestingControl.identifying;
import static dev.sallyport.gateway.pipeline.TestingControl.passing;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Measure;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.http.Loops;
import dev.sallyport.gateway.route.ModelRoute;
import dev.sallyport.gateway.route.Router;
import dev.sallyport.gateway.telemetry.CallSink;
import dev.sallyport.gateway.telemetry.Tracing;
import dev.sallyport.gateway.upstream.EndpointSpec;
import dev.sallyport.gateway.upstream.Timeouts;
import dev.sallyport.gateway.upstream.TlsSpec;
import dev.sallyport.gateway.upstream.UpstreamSpec;
import dev.sallyport.gateway.upstream.Upstreams;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies that controls see whole, at once or later, through the path of a call. */
final class WholeBodyTest {
    private final Queue<Call> ended = new ConcurrentLinkedQueue<>();
    private final Loops loops = new Loops(1, Time.SYSTEM, new SplittableRandom(1));
    private final Upstreams upstreams = new Upstreams(loops, Time.SYSTEM);
    private final GatheredBytes gathered = new GatheredBytes(12);
    private EchoServer upstream;

    @BeforeEach
    void startUpstream() {
        upstream = new EchoServer();
        upstreams.apply(List.of(new UpstreamSpec(
                "m", List.of(new EndpointSpec(false, "127.0.0.1", upstream.port(), "")),
                UpstreamSpec.ClientProtocol.AUTOMATIC, Timeouts.DEFAULTS, TlsSpec.DEFAULTS, 4, 0, 0.2, null, false,
                null)));
    }

    @AfterEach
    void stop() {
        upstreams.close();
        loops.close();
        upstream.close();
        assertThat(gathered.held()).isZero();
    }

    @Test
    void aVerdictOnABodyMayComeLaterAndIsNotedOnTheCallsLoop() throws Exception {
        CompletableFuture<Verdict> outcome = new CompletableFuture<>();
        List<String> threads = new ArrayList<>();
        Control first = seeing((call, _) -> new Verdict.Later(outcome.completeAsync(() -> Verdict.PASS), () -> {
            threads.add(Thread.currentThread().getName());
            call.measured(new Measure(7, 0, 0));
        }));
        List<Long> instances = new ArrayList<>();
        Control second = seeing((call, _) -> {
            instances.add(call.measure().instances());
            return Verdict.PASS;
        });

        FakeExchange exchange = run(exchange("hel", "lo"), first, second);

        assertThat(exchange.body()).isEqualTo("POST /x hello");
        assertThat(threads).singleElement().asString().startsWith("loop-");
        assertThat(instances).containsExactly(7L);
    }

    @Test
    void anotherBodyMayComeLaterAndIsWhatTheNextControlAndTheUpstreamSee() throws Exception {
        List<String> seen = new ArrayList<>();
        Control first = seeing(
                (_, _) -> new Verdict.Later(CompletableFuture.supplyAsync(() -> new Verdict.Rewrite(bytes("other")))));
        Control second = seeing((_, body) -> {
            seen.add(body);
            return new Verdict.Rewrite(bytes("third!"));
        });
        FakeExchange asked = exchange("hello");
        asked.request().headers().add("content-encoding", "gzip").add("content-md5", "x");

        FakeExchange exchange = run(asked, first, second);

        assertThat(exchange.body()).isEqualTo("POST /x third!");
        assertThat(seen).containsExactly("other");
        assertThat(upstream.lastHead()).contains("content-length: 6").doesNotContain("content-encoding")
                .doesNotContain("md5");
    }

    @Test
    void aLaterRefusalFailureOrSecondLaterRefuses() throws Exception {
        assertThat(run(exchange("hello"), seeing((_, _) -> later(Refusal.of(RefusalCode.MALFORMED_CONTENT, "No."))),
                passing("d"))
                .response().status()).isEqualTo(400);
        assertThat(run(exchange("hello"),
                seeing((_, _) -> new Verdict.Later(CompletableFuture.failedFuture(new AssertionError("planted")))),
                passing("d")).response().status()).isEqualTo(500);
        assertThat(
                run(exchange("hello"), seeing((_, _) -> later(later(Verdict.PASS))), passing("d")).response().status())
                .isEqualTo(500);
        assertThat(run(exchange("hello"), seeing((_, _) -> new Verdict.Later(
                CompletableFuture.completedFuture(new Verdict.Rewrite(bytes("other"))), () -> {
                    throw new IllegalStateException("planted");
                })), passing("d")).response().status()).isEqualTo(500);
        assertThat(upstream.requests()).isZero();
    }

    @Test
    void aBodyThatComesBackAfterTheClientHungUpIsLetGo() throws Exception {
        CompletableFuture<Verdict> outcome = new CompletableFuture<>();
        FakeExchange exchange = exchange("hello");
        Control control = seeing((_, _) -> {
            loop().execute(() -> {
                exchange.listener().disconnected();
                exchange.done().complete(exchange);
            });
            return new Verdict.Later(outcome);
        });
        run(exchange, control, passing("d"));
        ByteBuf late = bytes("late");

        outcome.complete(new Verdict.Rewrite(late));
        loop().submit(() -> {}).get(20, TimeUnit.SECONDS);

        assertThat(late.refCnt()).isZero();
        assertThat(ended.element().status()).isEqualTo(499);
    }

    @Test
    void aBodyThatComesBackAfterTheDeadlineIsLetGo() throws Exception {
        CompletableFuture<Verdict> outcome = new CompletableFuture<>();
        FakeExchange asked = new FakeExchange(loop(), "POST", "/m/x", Headers.of("sallyport-timeout-ms", "1"), -1);
        FakeExchange exchange =
                run(sending(asked, "hello"), seeing((_, _) -> new Verdict.Later(outcome)), passing("d"));
        ByteBuf late = bytes("late");

        outcome.complete(new Verdict.Rewrite(late));
        loop().submit(() -> {}).get(20, TimeUnit.SECONDS);

        assertThat(late.refCnt()).isZero();
        assertThat(exchange.response().status()).isEqualTo(500);
    }

    @Test
    void allCallsTogetherKeepNoMoreThanTheirBound() throws Exception {
        FakeExchange exchange = exchange("123456", "123456", "1");

        assertThat(run(exchange, seeing((_, _) -> Verdict.PASS), passing("d")).response().status()).isEqualTo(503);
        assertThat(exchange.body()).contains("overloaded");
        assertThat(gathered.held()).isZero();
        assertThat(run(exchange("123456", "123456"), seeing((_, _) -> Verdict.PASS), passing("d")).body())
                .isEqualTo("POST /x 123456123456");
    }

    private static Verdict.Later later(Verdict verdict) {
        return new Verdict.Later(CompletableFuture.supplyAsync(() -> verdict));
    }

    private static ByteBuf bytes(String text) {
        return PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(text.getBytes(UTF_8));
    }

    private static Control seeing(BiFunction<Call, String, Verdict> answer) {
        return passing("sees").needing(new BodyNeed.Whole(100), answer);
    }

    private FakeExchange exchange(String... chunks) {
        return sending(new FakeExchange(loop(), "POST", "/m/x", new Headers(), -1), chunks);
    }

    private static FakeExchange sending(FakeExchange exchange, String... chunks) {
        return exchange.onFirstResume(() -> {
            for (String chunk : chunks) {
                exchange.listener().requestChunk(bytes(chunk));
            }
            exchange.listener().requestEnd(new Headers(0));
        });
    }

    private EventLoop loop() {
        return (EventLoop) loops.group().iterator().next();
    }

    private FakeExchange run(FakeExchange exchange, Control first, Control second) throws Exception {
        Router router = new Router(
                List.of(new ModelRoute("m", Map.of("", Resource.model("m", "", null, Map.of())), "", List.of())));
        Snapshot snapshot = new Snapshot("test", router, List.of(
                new Snapshot.Station(Phase.IDENTIFY, identifying()), new Snapshot.Station(Phase.INSPECT, first),
                new Snapshot.Station(Phase.INSPECT, second)), List.of(), upstreams);
        CallPath path = new CallPath(loops, Time.SYSTEM, new CallSink() {
            @Override
            public void ended(Call call) {
                ended.add(call);
            }

            @Override
            public void refused(Peer peer, String callId, Refusal reason) {}
        }, Tracing.off(), snapshot, gathered);
        loop().execute(() -> path.handle(exchange));
        return exchange.done().get(20, TimeUnit.SECONDS);
    }
}
