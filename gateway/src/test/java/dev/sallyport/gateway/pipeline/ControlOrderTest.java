package dev.sallyport.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.http.Loops;
import dev.sallyport.gateway.route.Router;
import dev.sallyport.gateway.upstream.Upstreams;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ControlOrderTest {
    @Test
    void controlsStandInTheOrderThatArchitectureGivesReasonsFor() {
        try (Loops loops = new Loops(1, Time.SYSTEM, new SplittableRandom(1)); Upstreams upstreams = new Upstreams(loops, Time.SYSTEM)) {
            Snapshot snapshot = Snapshot.of(
                    "d", new Router(List.of()), named("identify"), named("limit"), named("authorize"), named("inspect"), upstreams);

            assertThat(snapshot.controls())
                    .extracting(station -> station.control().name(), Snapshot.Station::phase)
                    .containsExactly(
                            tuple("identify", Phase.IDENTIFY),
                            tuple("limit", Phase.LIMIT),
                            tuple("authorize", Phase.AUTHORIZE),
                            tuple("inspect", Phase.INSPECT));
        }
    }

    private static Control named(String name) {
        return new Control() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Verdict check(Call call) {
                return Verdict.PASS;
            }
        };
    }
}
