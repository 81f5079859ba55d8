package dev.sallyport.gateway.telemetry;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.call.Outcome;
import io.prometheus.metrics.model.snapshots.Exemplars;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** What is counted of the calls to one model, apart for each cohort of callers. */
final class ModelCells {
    static final int STATUS_CLASSES = 6;
    static final int OUTCOMES = Outcome.values().length;
    static final int REQUEST_BYTES = OUTCOMES * STATUS_CLASSES;
    static final int RESPONSE_BYTES = REQUEST_BYTES + 1;
    static final int ATTEMPTS = RESPONSE_BYTES + 1;
    static final int DURATION = ATTEMPTS + 1;
    /** The cohorts, and one more for calls whose caller is not known. */
    static final int COHORTS = Cohort.values().length + 1;
    private static final int SIZE = DURATION + Buckets.CALL.cells();

    private final String model;
    private final String version;
    private final Cells[] byCohort = new Cells[COHORTS];
    /** Made with the first recorded call: without tracing there are none. */
    private final AtomicReferenceArray<@Nullable LatencyExemplars> exemplars = new AtomicReferenceArray<>(COHORTS);

    ModelCells(String model, String version, Cells.Stripes stripes) {
        this.model = model;
        this.version = version;
        for (int cohort = 0; cohort < COHORTS; cohort++) {
            byCohort[cohort] = new Cells(stripes, SIZE);
        }
    }

    String model() {
        return model;
    }

    String version() {
        return version;
    }

    /** @param cohort the ordinal of a cohort, or one more */
    Cells of(int cohort) {
        return byCohort[cohort];
    }

    void add(Call call, int stripe, long totalNanos) {
        int cohort = call.caller() == null ? COHORTS - 1 : call.caller().cohort().ordinal();
        Cells.Block block = byCohort[cohort].block(stripe);
        Outcome outcome = call.outcome() == null ? Outcome.GATEWAY : call.outcome();
        block.add(outcomeCell(outcome, call.status() / 100), 1);
        block.add(REQUEST_BYTES, call.requestBytes());
        block.add(RESPONSE_BYTES, call.responseBytes());
        block.add(ATTEMPTS, call.attempts());
        Buckets.CALL.add(block, DURATION, totalNanos);
        if (call.trace() != null && call.traceParent() != null) {
            exemplarsOf(cohort).add(call, call.traceParent(), totalNanos);
        }
    }

    private LatencyExemplars exemplarsOf(int cohort) {
        LatencyExemplars present = exemplars.get(cohort);
        if (present != null) {
            return present;
        }
        LatencyExemplars made = new LatencyExemplars();
        LatencyExemplars witness = exemplars.compareAndExchange(cohort, null, made);
        return witness == null ? made : witness;
    }

    /** The last recorded call of each bucket of durations. */
    Exemplars exemplars(int cohort) {
        LatencyExemplars present = exemplars.get(cohort);
        return present == null ? Exemplars.EMPTY : present.exemplars();
    }

    static int outcomeCell(Outcome outcome, int statusClass) {
        return outcome.ordinal() * STATUS_CLASSES + Math.min(statusClass, STATUS_CLASSES - 1);
    }
}
