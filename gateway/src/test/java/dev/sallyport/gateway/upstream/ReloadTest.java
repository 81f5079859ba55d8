package dev.sallyport.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.testing.RawUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a reload keeps, and what it lets go. */
final class ReloadTest {
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    @Test
    void keepsConnectionsAndHealthOfAnEndpointThatStays() throws Exception {
        try (RawUpstream server = RawUpstream.start(RawUpstream.always(OK));
                Forwarding forwarding = new Forwarding().to(server)) {
            forwarding.get("/").text();
            forwarding.endpointAt(0).health().failed();
            for (int i = 0; i < 20; i++) {
                int connections = 10 + i;
                forwarding.with(spec -> spec.connections(connections).firstByteMillis(100 + connections), server);
                assertThat(forwarding.get("/").text()).isEqualTo("ok");
            }

            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void letsCallsInFlightEndAtAnEndpointThatGoesAndThenClosesIt() throws Exception {
        try (RawUpstream old = RawUpstream.start(RawUpstream.always(OK));
                RawUpstream next = RawUpstream.start(RawUpstream.always(OK));
                Forwarding forwarding = new Forwarding().to(old)) {
            forwarding.get("/").text();
            ForwardProbe underWay =
                    forwarding.forward(Forwarding.head("POST", "/", RequestHead.UNKNOWN_LENGTH), false).body("a");
            forwarding.get("/idle").text();
            Endpoint gone = forwarding.endpointAt(0);
            assertThat(gone.slots().taken()).isEqualTo(2);
            forwarding.to(next);
            forwarding.await("the idle one is closed", () -> gone.slots().taken() == 1);
            underWay.body("b").end();

            assertThat(underWay.text()).isEqualTo("ok");
            forwarding.await("the last one is closed", () -> gone.slots().taken() == 0);
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
            assertThat(next.accepted()).isEqualTo(1);
            assertThat(forwarding.upstreams.states()).singleElement()
                    .satisfies(state -> assertThat(state.endpoint()).isEqualTo("127.0.0.1:" + next.port()));
        }
    }

    @Test
    void aCallThatWaitsAtAnEndpointThatGoesIsStillServed() throws Exception {
        try (RawUpstream old = RawUpstream.start(RawUpstream.always(OK));
                RawUpstream next = RawUpstream.start(RawUpstream.always(OK));
                Forwarding forwarding = new Forwarding().with(spec -> spec.connections(1), old)) {
            ForwardProbe first =
                    forwarding.forward(Forwarding.head("POST", "/", RequestHead.UNKNOWN_LENGTH), false).body("a");
            forwarding.await("it is sent", () -> first.readied() == 1);
            ForwardProbe waiting = forwarding.get("/");
            Endpoint gone = forwarding.endpointAt(0);
            forwarding.with(spec -> spec.connections(1), next);
            first.end();

            assertThat(first.text()).isEqualTo("ok");
            assertThat(waiting.text()).isEqualTo("ok");
            forwarding.await("it is closed", () -> gone.slots().taken() == 0);
        }
    }

    @Test
    void anUpstreamThatGoesIsFoundNoMore() throws Exception {
        try (RawUpstream server = RawUpstream.start(RawUpstream.always(OK));
                Forwarding forwarding = new Forwarding().to(server)) {
            Upstream upstream = forwarding.upstream();
            forwarding.upstreams.apply(List.of());

            assertThat(forwarding.upstreams.find(Forwarding.ID)).isNull();
            assertThat(forwarding.upstreams.states()).isEmpty();
            assertThat(upstream.id()).isEqualTo(Forwarding.ID);
        }
    }

    @Test
    void refusesTwoUpstreamsWithOneIdAndChangesNothing() throws Exception {
        try (RawUpstream server = RawUpstream.start(RawUpstream.always(OK));
                Forwarding forwarding = new Forwarding().to(server)) {
            UpstreamSpec spec = new SpecBuilder(List.of(Forwarding.endpoint(1))).build();

            assertThatThrownBy(() -> forwarding.upstreams.apply(List.of(spec, spec)))
                    .hasMessageContaining(Forwarding.ID);
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
        }
    }

    @Test
    void aThousandReloadsUnderLoadFailNoCallAndLeaveNothing() throws Exception {
        try (RawUpstream first = RawUpstream.start(RawUpstream.always(OK));
                RawUpstream second = RawUpstream.start(RawUpstream.always(OK));
                Forwarding forwarding = new Forwarding(2).to(first)) {
            List<Endpoint> seen = new ArrayList<>();
            List<ForwardProbe> calls = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                calls.add(forwarding.forward(Forwarding.head("GET", "/", 0), true, Duration.ofHours(1),
                        forwarding.contexts().get(i % 2)));
                forwarding.to(i % 3 == 0 ? first : second);
                seen.add(forwarding.endpointAt(0));
            }
            for (ForwardProbe call : calls) {
                assertThat(call.text()).isEqualTo("ok");
            }
            Endpoint last = forwarding.endpointAt(0);
            forwarding.await("what is gone is closed",
                    () -> seen.stream().allMatch(endpoint -> endpoint == last || endpoint.slots().taken() == 0));
            assertThat(seen).allSatisfy(endpoint -> assertThat(endpoint.callsInFlight()).isZero());
        }
    }
}
