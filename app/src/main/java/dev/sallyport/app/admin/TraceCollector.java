package dev.sallyport.app.admin;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.telemetry.otlp.TraceExport;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** What became of the traces, looked up each time that it is asked. */
public final class TraceCollector implements MultiCollector {
    private final TraceExport traces;

    public TraceCollector(TraceExport traces) {
        this.traces = requireNonNull(traces, "traces is null");
    }

    @Override
    public MetricSnapshots collect() {
        return MetricSnapshots.of(
                CounterSnapshot.builder().name("sallyport_spans_exported").help("Spans that the collector took.")
                        .dataPoint(count(Labels.EMPTY, traces.exported()))
                        .build(),
                CounterSnapshot.builder().name("sallyport_spans_lost")
                        .help("Spans that could not be delivered, or that the collector did not want.")
                        .dataPoint(count(Labels.of("reason", "undelivered"), traces.undelivered()))
                        .dataPoint(count(Labels.of("reason", "rejected"), traces.rejected()))
                        .build(),
                CounterSnapshot.builder().name("sallyport_traced_calls_dropped")
                        .help("Calls whose spans were lost because too many waited.")
                        .dataPoint(count(Labels.EMPTY, traces.overflowed()))
                        .build(),
                GaugeSnapshot.builder().name("sallyport_traced_calls_queued")
                        .help("Calls whose spans wait to be delivered.")
                        .dataPoint(GaugeDataPointSnapshot.builder().value(traces.queued()).build())
                        .build());
    }

    private static CounterDataPointSnapshot count(Labels labels, long count) {
        return CounterDataPointSnapshot.builder().labels(labels).value(count).build();
    }
}
