package dev.sallyport.gateway.pipeline;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.AnswerControl;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.identity.Identify;
import dev.sallyport.gateway.inspect.Inspect;
import dev.sallyport.gateway.limit.Charge;
import dev.sallyport.gateway.limit.Limit;
import dev.sallyport.gateway.policy.Authorize;
import dev.sallyport.gateway.route.Router;
import dev.sallyport.gateway.upstream.Upstreams;
import java.util.List;
import java.util.stream.Stream;

/**
 * One immutable compiled configuration; a call sees the same one from its first byte to its last.
 *
 * @param digest   hexadecimal SHA-256 of the configuration's text
 * @param controls the controls in the order of the path
 * @param answers  the controls of answers, in the order in which an answer passes them
 */
public record Snapshot(String digest, Router router, List<Station> controls, List<AnswerControl> answers,
        Upstreams upstreams) {
    /** A control and the phase of the timeline that ends with it. */
    public record Station(Phase phase, Control control) {
        public Station {
            requireNonNull(phase, "phase is null");
            requireNonNull(control, "control is null");
        }
    }

    public Snapshot {
        requireNonNull(digest, "digest is null");
        requireNonNull(router, "router is null");
        controls = List.copyOf(controls);
        answers = List.copyOf(answers);
        requireNonNull(upstreams, "upstreams is null");
    }

    /** The path of a call and of its answer; ARCHITECTURE.md gives the reason for each place in the order. */
    public static Snapshot of(
            String digest, Router router, Identify identify, Limit limit, Authorize authorize, Inspect inspect,
            Charge charge, List<AnswerControl> answers, Upstreams upstreams) {
        return new Snapshot(
                digest,
                router,
                List.of(
                        new Station(Phase.IDENTIFY, identify),
                        new Station(Phase.LIMIT, limit),
                        new Station(Phase.AUTHORIZE, authorize),
                        new Station(Phase.INSPECT, inspect),
                        new Station(Phase.INSPECT, limit.ofModels()),
                        new Station(Phase.INSPECT, charge)),
                Stream.concat(Stream.of(charge.settle()), answers.stream()).toList(),
                upstreams);
    }
}
