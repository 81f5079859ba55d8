package dev.sallyport.app.admin;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.http.CertificateExpiry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.List;
import java.util.function.Supplier;

/** When the certificates in use expire, looked up each time that it is asked. */
public final class CertificateCollector implements MultiCollector {
    private final Supplier<List<CertificateExpiry>> certificates;

    public CertificateCollector(Supplier<List<CertificateExpiry>> certificates) {
        this.certificates = requireNonNull(certificates, "certificates is null");
    }

    @Override
    public MetricSnapshots collect() {
        GaugeSnapshot.Builder expiry = GaugeSnapshot.builder()
                .name("sallyport_certificate_expiry_timestamp_seconds")
                .unit(Unit.SECONDS)
                .help("When a certificate that listeners show, or one that it builds on, expires.");
        for (CertificateExpiry certificate : certificates.get()) {
            expiry.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("file", certificate.file().toString()))
                    .value(certificate.epochSeconds())
                    .build());
        }
        return MetricSnapshots.of(expiry.build());
    }
}
