package dev.sallyport.gateway.telemetry;

import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.RefusalCode;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;

/** Sums up what {@link Metrics} counted, each time that it is asked. */
final class CallCollector implements MultiCollector {
    private static final Cohort[] COHORTS = Cohort.values();

    private final Metrics metrics;

    CallCollector(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        models(snapshots);
        long[] sums = metrics.all().sums();
        if (sums != null) {
            whole(snapshots, sums);
        }
        return snapshots.build();
    }

    private void models(MetricSnapshots.Builder snapshots) {
        CounterSnapshot.Builder calls = counter("sallyport_calls",
                "Calls that ended, by who is answerable for how they ended and by class of status.");
        CounterSnapshot.Builder attempts =
                counter("sallyport_attempts", "Attempts at endpoints; more than calls when some were tried again.");
        CounterSnapshot.Builder requestBytes =
                counter("sallyport_request_bytes", "Bytes of body that came from clients.").unit(Unit.BYTES);
        CounterSnapshot.Builder responseBytes =
                counter("sallyport_response_bytes", "Bytes of body that went to clients.").unit(Unit.BYTES);
        HistogramSnapshot.Builder durations = HistogramSnapshot.builder()
                .name("sallyport_call_duration_seconds")
                .unit(Unit.SECONDS)
                .help("From the first byte of a request to the last of its response.");
        for (ModelCells model : metrics.models()) {
            for (int cohort = 0; cohort < ModelCells.COHORTS; cohort++) {
                long[] sums = model.of(cohort).sums();
                if (sums == null) {
                    continue;
                }
                Labels labels = Labels.of(
                        "model", model.model(), "version", model.version(), "cohort",
                        cohort < COHORTS.length ? COHORTS[cohort].text() : Metrics.NONE);
                outcomes(calls, sums, labels);
                attempts.dataPoint(point(labels, sums[ModelCells.ATTEMPTS]));
                requestBytes.dataPoint(point(labels, sums[ModelCells.REQUEST_BYTES]));
                responseBytes.dataPoint(point(labels, sums[ModelCells.RESPONSE_BYTES]));
                durations.dataPoint(histogram(Buckets.CALL, sums, ModelCells.DURATION, labels)
                        .exemplars(model.exemplars(cohort))
                        .build());
            }
        }
        snapshots.metricSnapshot(calls.build())
                .metricSnapshot(attempts.build())
                .metricSnapshot(requestBytes.build())
                .metricSnapshot(responseBytes.build())
                .metricSnapshot(durations.build());
    }

    private static void outcomes(CounterSnapshot.Builder calls, long[] sums, Labels labels) {
        for (Outcome outcome : Outcome.values()) {
            for (int statusClass = 0; statusClass < ModelCells.STATUS_CLASSES; statusClass++) {
                long count = sums[ModelCells.outcomeCell(outcome, statusClass)];
                if (count > 0) {
                    String status = statusClass == 0 ? Metrics.NONE : statusClass + "xx";
                    calls.dataPoint(point(labels.add("outcome", outcome.text()).add("status", status), count));
                }
            }
        }
    }

    private static void whole(MetricSnapshots.Builder snapshots, long[] sums) {
        CounterSnapshot.Builder calls =
                counter("sallyport_refusals", "Calls that the gateway refused or failed, by code.");
        CounterSnapshot.Builder requests =
                counter("sallyport_requests_refused", "Requests refused before they became calls, by code.");
        for (RefusalCode code : RefusalCode.values()) {
            Labels labels = Labels.of("code", code.text());
            calls.dataPoint(point(labels, sums[Metrics.CALLS_REFUSED + code.ordinal()]));
            requests.dataPoint(point(labels, sums[Metrics.REQUESTS_REFUSED + code.ordinal()]));
        }
        HistogramSnapshot.Builder phases = HistogramSnapshot.builder()
                .name("sallyport_phase_duration_seconds")
                .unit(Unit.SECONDS)
                .help("How long each phase of the calls took.");
        for (Phase phase : Phase.values()) {
            phases.dataPoint(
                    histogram(Buckets.PHASE, sums, Metrics.phaseCell(phase), Labels.of("phase", phase.text())).build());
        }
        GaugeSnapshot inFlight = GaugeSnapshot.builder()
                .name("sallyport_calls_in_flight")
                .help("Calls that have begun and not yet ended.")
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(Math.max(0, sums[Metrics.BEGAN] - sums[Metrics.ENDED]))
                        .build())
                .build();
        snapshots.metricSnapshot(calls.build())
                .metricSnapshot(requests.build())
                .metricSnapshot(phases.build())
                .metricSnapshot(inFlight);
    }

    private static CounterSnapshot.Builder counter(String name, String help) {
        return CounterSnapshot.builder().name(name).help(help);
    }

    private static CounterSnapshot.CounterDataPointSnapshot point(Labels labels, long count) {
        return CounterSnapshot.CounterDataPointSnapshot.builder().labels(labels).value(count).build();
    }

    private static HistogramSnapshot.HistogramDataPointSnapshot.Builder histogram(Buckets buckets, long[] sums,
            int first,
            Labels labels) {
        return HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(
                        ClassicHistogramBuckets.of(buckets.boundsSeconds(), buckets.counts(sums, first)))
                .sum(buckets.sumSeconds(sums, first))
                .labels(labels);
    }
}
