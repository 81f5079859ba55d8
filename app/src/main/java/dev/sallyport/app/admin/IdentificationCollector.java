package dev.sallyport.app.admin;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.identity.FailedIdentifications;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** How many networks show wrong credentials, looked up each time that it is asked. */
public final class IdentificationCollector implements MultiCollector {
    private final FailedIdentifications failures;

    public IdentificationCollector(FailedIdentifications failures) {
        this.failures = requireNonNull(failures, "failures is null");
    }

    @Override
    public MetricSnapshots collect() {
        return MetricSnapshots.of(
                GaugeSnapshot.builder().name("sallyport_identification_networks")
                        .help("Networks that are remembered since their credentials were wrong.")
                        .dataPoint(GaugeDataPointSnapshot.builder().value(failures.networks()).build())
                        .build(),
                CounterSnapshot.builder().name("sallyport_identification_networks_evicted")
                        .help("Networks whose wrong credentials were forgotten to make room.")
                        .dataPoint(CounterDataPointSnapshot.builder().value(failures.evicted()).build())
                        .build());
    }
}
