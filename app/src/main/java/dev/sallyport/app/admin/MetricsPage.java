package dev.sallyport.app.admin;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All metrics as one page. The registry is made for the first scrape, so that no start waits for it. */
public final class MetricsPage {
    private static final int PAGE_BYTES_EXPECTED = 64 << 10;
    private static final ExpositionFormatWriter PROMETHEUS = PrometheusTextFormatWriter.create();
    /** Without {@code _created}, which nearly doubles the series; with exemplars where OpenMetrics 1.0 allows them only. */
    private static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.builder()
            .setCreatedTimestampsEnabled(false)
            .setExemplarsOnAllMetricTypesEnabled(false)
            .build();

    private final List<MultiCollector> collectors;
    private @Nullable PrometheusMeterRegistry registry;

    /** @param collectors what is shown beside the Java platform's own metrics */
    public MetricsPage(List<MultiCollector> collectors) {
        this.collectors = List.copyOf(collectors);
    }

    /** Blocks for some milliseconds; not for event loops. */
    byte[] render(MetricsFormat format) throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream(PAGE_BYTES_EXPECTED);
        ExpositionFormatWriter writer = switch (format) {
            case PROMETHEUS -> PROMETHEUS;
            case OPEN_METRICS -> OPEN_METRICS;
        };
        writer.write(page, registry().getPrometheusRegistry().scrape());
        return page.toByteArray();
    }

    private synchronized PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry made = registry;
        if (made == null) {
            made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            new JvmMemoryMetrics().bindTo(made);
            new JvmThreadMetrics().bindTo(made);
            new ClassLoaderMetrics().bindTo(made);
            new ProcessorMetrics().bindTo(made);
            new FileDescriptorMetrics().bindTo(made);
            new UptimeMetrics().bindTo(made);
            for (MultiCollector collector : collectors) {
                made.getPrometheusRegistry().register(collector);
            }
            registry = made;
        }
        return made;
    }
}
