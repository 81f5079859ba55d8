package dev.sallyport.app.admin;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.limit.journal.JournalFigures;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.Supplier;

/** What the journal of spending does, looked up each time that it is asked. */
public final class JournalCollector implements MultiCollector {
    private final Supplier<JournalFigures> figures;

    public JournalCollector(Supplier<JournalFigures> figures) {
        this.figures = requireNonNull(figures, "figures is null");
    }

    @Override
    public MetricSnapshots collect() {
        JournalFigures now = figures.get();
        return MetricSnapshots.of(
                counter("sallyport_journal_records", "Records that the journal of spending took.", now.records()),
                counter("sallyport_journal_bytes", "Bytes that the journal of spending took.", now.bytes()),
                counter("sallyport_journal_folds", "Checkpoints that the journal of spending made of full files.",
                        now.folds()),
                counter("sallyport_journal_failures", "Files of the journal of spending that could not be written.",
                        now.failures()),
                counter("sallyport_journal_refused", "Reservations that the journal of spending had no room for.",
                        now.refused()));
    }

    private static CounterSnapshot counter(String name, String help, long value) {
        return CounterSnapshot.builder().name(name).help(help)
                .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
                .build();
    }
}
