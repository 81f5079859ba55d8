package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.http.Connections;
import dev.sallyport.gateway.http.Limits;
import dev.sallyport.gateway.http.Listener;
import dev.sallyport.gateway.http.ListenerSpec;
import dev.sallyport.gateway.http.Loops;
import dev.sallyport.gateway.pipeline.CallPath;
import dev.sallyport.gateway.pipeline.Snapshot;
import dev.sallyport.gateway.pipeline.Snapshot.Station;
import dev.sallyport.gateway.route.ModelRoute;
import dev.sallyport.gateway.route.Router;
import dev.sallyport.gateway.telemetry.AccessLog;
import dev.sallyport.gateway.telemetry.Tracing;
import dev.sallyport.gateway.upstream.EndpointSpec;
import dev.sallyport.gateway.upstream.Timeouts;
import dev.sallyport.gateway.upstream.TlsSpec;
import dev.sallyport.gateway.upstream.UpstreamSpec;
import dev.sallyport.gateway.upstream.Upstreams;
import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A control that fails, in whatever way it can: the call is refused, and nothing of it is served. */
final class FailingControlTest {
    private final Loops loops = new Loops(1, Time.SYSTEM, new SplittableRandom(1));
    private final Upstreams upstreams = new Upstreams(loops, Time.SYSTEM);
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AccessLog accessLog = new AccessLog(written, Time.SYSTEM);
    private FakeUpstream upstream;

    /** How a control fails. */
    enum Failure implements Control {
        THROWS_ON_THE_HEAD {
            @Override
            public Verdict check(Call call) {
                throw new IllegalStateException("planted");
            }
        },
        THROWS_AN_ERROR {
            @Override
            public Verdict check(Call call) {
                throw new StackOverflowError("planted");
            }
        },
        THROWS_WHEN_ASKED_FOR_THE_BODY {
            @Override
            public BodyNeed body(Call call) {
                throw new IllegalStateException("planted");
            }
        },
        THROWS_ON_A_CHUNK {
            @Override
            public BodyNeed body(Call call) {
                return BodyNeed.CHUNKS;
            }

            @Override
            public Verdict chunk(Call call, ByteBuf chunk) {
                throw new IllegalStateException("planted");
            }
        },
        THROWS_ON_THE_WHOLE_BODY {
            @Override
            public BodyNeed body(Call call) {
                return new BodyNeed.Whole(1_000);
            }

            @Override
            public Verdict whole(Call call, ByteBuf body) {
                throw new IllegalStateException("planted");
            }
        },
        FAILS_LATER {
            @Override
            public Verdict check(Call call) {
                return new Verdict.Later(CompletableFuture.failedFuture(new IllegalStateException("planted")));
            }
        },
        NEVER_ANSWERS {
            @Override
            public Verdict check(Call call) {
                return new Verdict.Later(new CompletableFuture<Verdict>());
            }
        };

        @Override
        public Verdict check(Call call) {
            return Verdict.PASS;
        }
    }

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.echoes());
        upstreams.apply(List.of(new UpstreamSpec("m",
                List.of(new EndpointSpec(false, "127.0.0.1", upstream.port(), "")),
                UpstreamSpec.ClientProtocol.AUTOMATIC, Timeouts.DEFAULTS, TlsSpec.DEFAULTS, 10, 0, 0, null, false,
                null)));
    }

    @AfterEach
    void stop() throws Exception {
        upstreams.close();
        loops.close();
        accessLog.close();
        upstream.close();
    }

    @ParameterizedTest
    @EnumSource
    void refusesTheCall(Failure failure) throws Exception {
        Router router = new Router(
                List.of(new ModelRoute("m", Map.of("", Resource.model("m", "", null, Map.of())), "", List.of())));
        Snapshot snapshot = new Snapshot("digest", router, List.of(new Station(Phase.INSPECT, passing("first")),
                new Station(Phase.INSPECT, failure), new Station(Phase.INSPECT, passing("last"))), List.of(),
                upstreams);
        CallPath path = new CallPath(loops, Time.SYSTEM, accessLog, Tracing.off(), snapshot);
        ListenerSpec spec =
                new ListenerSpec(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, List.of(), false);
        try (Listener listener = Listener.open(spec, loops, Limits.DEFAULTS, path, new Connections(Limits.DEFAULTS));
                RawClient client = RawClient.connect(listener.address().getPort())) {
            client.send(
                    "POST /m/predict HTTP/1.1\r\nHost: a.example\r\nSallyport-Timeout-Ms: 500\r\nContent-Length: 4\r\n\r\nbody");

            RawResponse response = client.response();

            assertThat(response.status()).isEqualTo(500);
            JsonNode problem = JsonMapper.shared().readTree(response.body());
            assertThat(problem.get("code").stringValue()).isEqualTo("control-failed");
            assertThat(response.text()).doesNotContain("planted");
        }
        accessLog.flush();
        JsonNode line = JsonMapper.shared().readTree(written.toByteArray());
        assertThat(line.get("refusal").stringValue()).isEqualTo("control-failed");
        assertThat(line.get("outcome").stringValue()).isEqualTo("gateway");
        assertThat(line.get("controls")).extracting(JsonNode::stringValue).startsWith("first", failure.name());
        assertThat(upstream.requests()).allSatisfy(request -> assertThat(request.bodyBytes()).isZero());
        if (failure != Failure.THROWS_ON_A_CHUNK) {
            assertThat(upstream.requests()).isEmpty();
        }
    }

    private static Control passing(String name) {
        return new Control() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Verdict check(Call call) {
                call.identified(Caller.anonymous("anybody"));
                return Verdict.PASS;
            }
        };
    }
}
