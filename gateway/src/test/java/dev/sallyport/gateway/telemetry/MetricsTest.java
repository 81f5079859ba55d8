package dev.sallyport.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Trace;
import dev.sallyport.gateway.call.TraceParent;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Metrics metrics = new Metrics(2);

    MetricsTest() {
        registry.getPrometheusRegistry().register(metrics.collector());
        metrics.apply(List.of(TestingCalls.RESNET));
    }

    @Test
    void countsCallsByModelCohortOutcomeAndStatus() {
        metrics.ended(TestingCalls.answered());
        metrics.ended(TestingCalls.answered());
        metrics.ended(TestingCalls.answered(TestingCalls.RESNET, 503, Outcome.UPSTREAM));

        assertThat(samples("sallyport_calls_total"))
                .containsExactlyInAnyOrder(
                        "{cohort=\"partner\",model=\"resnet\",outcome=\"success\",status=\"2xx\",version=\"2\"} 2.0",
                        "{cohort=\"partner\",model=\"resnet\",outcome=\"upstream\",status=\"5xx\",version=\"2\"} 1.0");
        assertThat(samples("sallyport_attempts_total"))
                .containsExactly("{cohort=\"partner\",model=\"resnet\",version=\"2\"} 3.0");
        assertThat(samples("sallyport_request_bytes_total"))
                .containsExactly("{cohort=\"partner\",model=\"resnet\",version=\"2\"} 3072.0");
        assertThat(samples("sallyport_response_bytes_total"))
                .containsExactly("{cohort=\"partner\",model=\"resnet\",version=\"2\"} 210.0");
    }

    @Test
    void aDurationOfExactlyABoundFallsIntoItsBucket() {
        metrics.ended(TestingCalls.answered());
        String labels = "{cohort=\"partner\",model=\"resnet\",version=\"2\",le=";

        assertThat(samples("sallyport_call_duration_seconds_bucket"))
                .contains(labels + "\"0.005\"} 0", labels + "\"0.01\"} 1", labels + "\"300.0\"} 1",
                        labels + "\"+Inf\"} 1");
        assertThat(samples("sallyport_call_duration_seconds_sum"))
                .containsExactly("{cohort=\"partner\",model=\"resnet\",version=\"2\"} 0.007");
        assertThat(samples("sallyport_phase_duration_seconds_bucket"))
                .contains("{phase=\"parse\",le=\"1.0E-6\"} 1", "{phase=\"identify\",le=\"1.0E-6\"} 0",
                        "{phase=\"identify\",le=\"5.0E-6\"} 1");
        assertThat(samples("sallyport_phase_duration_seconds_count")).contains("{phase=\"last_byte\"} 1",
                "{phase=\"connect\"} 0");
    }

    @Test
    void theLastTracedCallOfABucketIsItsExample() {
        for (int i = 1; i <= 2; i++) {
            var traced = TestingCalls.answered();
            String parent = TraceParent.begin(0, i, i, true);
            traced.traced(parent, null, new Trace(parent, new SplittableRandom(1)));
            metrics.ended(traced);
        }
        var untraced = TestingCalls.answered();
        untraced.traced(TraceParent.begin(0, 3, 3, false), null, null);
        metrics.ended(untraced);

        assertThat(registry.scrape("application/openmetrics-text; version=1.0.0").lines()
                .filter(line -> line.contains("_bucket{") && line.contains(" # {"))).singleElement().asString()
                .startsWith("sallyport_call_duration_seconds_bucket{")
                .contains("le=\"0.01\"}", " 3 # {",
                        "span_id=\"0000000000000002\",trace_id=\"00000000000000000000000000000002\"} 0.007 1793534400.130");
    }

    @Test
    void whatLastsLongerThanEveryBoundIsStillCounted() {
        var call = TestingCalls.answered();
        call.timeline().mark(Phase.LAST_BYTE, TestingCalls.BEGAN_NANOS + 400_000_000_000L);
        metrics.ended(call);
        String labels = "{cohort=\"partner\",model=\"resnet\",version=\"2\",le=";

        assertThat(samples("sallyport_call_duration_seconds_bucket")).contains(labels + "\"300.0\"} 0",
                labels + "\"+Inf\"} 1");
    }

    @Test
    void countsRefusalsOfCallsAndOfRequestsApart() {
        metrics.ended(TestingCalls.refused(RefusalCode.CREDENTIAL_MISSING));
        metrics.refused(TestingCalls.PEER, "ID", Refusal.of(RefusalCode.MALFORMED_REQUEST, "Bad."));

        assertThat(samples("sallyport_refusals_total")).contains("{code=\"credential-missing\"} 1.0",
                "{code=\"malformed-request\"} 0.0");
        assertThat(samples("sallyport_requests_refused_total")).contains("{code=\"credential-missing\"} 0.0",
                "{code=\"malformed-request\"} 1.0");
        assertThat(samples("sallyport_calls_total"))
                .containsExactly(
                        "{cohort=\"(none)\",model=\"(none)\",outcome=\"client\",status=\"4xx\",version=\"\"} 1.0");
    }

    @Test
    void callsInFlightAreThoseThatBeganAndDidNotEnd() {
        metrics.began(TestingCalls.answered());
        metrics.began(TestingCalls.answered());
        metrics.ended(TestingCalls.answered());

        assertThat(samples("sallyport_calls_in_flight")).containsExactly(" 1.0");
    }

    @Test
    void modelsBeyondTheBoundCountTogether() {
        List<Resource> resources = new ArrayList<>();
        for (int i = 0; i <= Metrics.MODELS_MAX; i++) {
            resources.add(Resource.model("m" + i, "", null, Map.of()));
        }
        metrics.apply(resources);

        resources.forEach(resource -> metrics.ended(TestingCalls.answered(resource, 200, Outcome.SUCCESS)));

        assertThat(samples("sallyport_calls_total"))
                .hasSize(Metrics.MODELS_MAX + 1)
                .contains("{cohort=\"partner\",model=\"m999\",outcome=\"success\",status=\"2xx\",version=\"\"} 1.0")
                .contains("{cohort=\"partner\",model=\"(other)\",outcome=\"success\",status=\"2xx\",version=\"\"} 1.0");
    }

    @Test
    void aReloadKeepsTheCountsOfWhatStaysAndForgetsWhatIsGone() {
        Resource gone = Resource.model("gone", "", null, Map.of());
        metrics.apply(List.of(TestingCalls.RESNET, gone));
        metrics.ended(TestingCalls.answered());
        metrics.ended(TestingCalls.answered(gone, 200, Outcome.SUCCESS));

        metrics.apply(List.of(Resource.model("resnet", "2", null, Map.of())));

        assertThat(samples("sallyport_calls_total"))
                .containsExactly(
                        "{cohort=\"partner\",model=\"resnet\",outcome=\"success\",status=\"2xx\",version=\"2\"} 1.0");
    }

    @Test
    void losesNoCountWhenThreadsHaveToShareAStripe() throws InterruptedException {
        int threads = 6;
        int calls = 20_000;
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            started.add(Thread.ofPlatform().start(() -> {
                for (int j = 0; j < calls; j++) {
                    metrics.ended(TestingCalls.answered());
                }
            }));
        }
        for (Thread thread : started) {
            thread.join();
        }

        assertThat(samples("sallyport_attempts_total"))
                .containsExactly("{cohort=\"partner\",model=\"resnet\",version=\"2\"} " + (double) (threads * calls));
    }

    @Test
    void noSecretAndNoCallerStandsInTheMetrics() {
        metrics.ended(TestingCalls.answered());
        metrics.ended(TestingCalls.refused(RefusalCode.CREDENTIAL_INVALID));

        assertThat(registry.scrape()).doesNotContain("secret").doesNotContain("203.0.113.7").doesNotContain("01K8ZZ");
    }

    private List<String> samples(String name) {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith(name) && !Character.isLetterOrDigit(line.charAt(name.length()))
                        && line.charAt(name.length()) != '_')
                .map(line -> line.substring(name.length()))
                .toList();
    }
}
