package dev.sallyport.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sallyport.gateway.call.AnswerControl;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.http.Loops;
import dev.sallyport.gateway.identity.FailedIdentifications;
import dev.sallyport.gateway.identity.FailureLimit;
import dev.sallyport.gateway.identity.Identify;
import dev.sallyport.gateway.inspect.Inspect;
import dev.sallyport.gateway.inspect.InspectionThreads;
import dev.sallyport.gateway.inspect.answer.InspectAnswer;
import dev.sallyport.gateway.limit.Accounts;
import dev.sallyport.gateway.limit.Charge;
import dev.sallyport.gateway.limit.Limit;
import dev.sallyport.gateway.limit.LimitState;
import dev.sallyport.gateway.policy.Authorize;
import dev.sallyport.gateway.route.Router;
import dev.sallyport.gateway.upstream.Upstreams;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ControlOrderTest {
    @Test
    void controlsStandInTheOrderThatArchitectureGivesReasonsFor() {
        try (Loops loops = new Loops(1, Time.SYSTEM, new SplittableRandom(1));
                Upstreams upstreams = new Upstreams(loops, Time.SYSTEM);
                InspectionThreads threads = new InspectionThreads()) {
            Limit limit = new Limit(Map.of(), Map.of(), new LimitState(Time.SYSTEM, 1));
            Snapshot snapshot = Snapshot.of(
                    "d", new Router(List.of()),
                    new Identify(List.of(), null, Time.SYSTEM, FailureLimit.STANDARD,
                            new FailedIdentifications(Time.SYSTEM, 1)),
                    limit, new Authorize(Map.of(), List.of()), new Inspect(Map.of(), threads),
                    new Charge(limit, Map.of(), new Accounts(Time.SYSTEM)),
                    List.of(new InspectAnswer(Map.of(), threads, Time.SYSTEM)), upstreams);

            assertThat(snapshot.controls())
                    .extracting(station -> station.control().name(), Snapshot.Station::phase)
                    .containsExactly(
                            tuple("identify", Phase.IDENTIFY),
                            tuple("limit", Phase.LIMIT),
                            tuple("authorize", Phase.AUTHORIZE),
                            tuple("inspect", Phase.INSPECT),
                            tuple("limit-model", Phase.INSPECT),
                            tuple("charge", Phase.INSPECT));
            assertThat(snapshot.answers()).extracting(AnswerControl::name)
                    .containsExactly("settle", "inspect-answer");
        }
    }
}
