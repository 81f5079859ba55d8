package dev.sallyport.gateway.telemetry;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.TraceParent;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The recorded call that fell last into each bucket of a histogram of whole calls, so that a slow bucket leads to a trace. */
final class LatencyExemplars {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_NANO = 1e-6;

    private record Example(String traceParent, long nanos, long endedEpochMillis) {}

    private final AtomicReferenceArray<@Nullable Example> last = new AtomicReferenceArray<>(Buckets.CALL.count());

    /** @param traceParent that of {@code call}, which is recorded */
    void add(Call call, String traceParent, long nanos) {
        last.setRelease(Buckets.CALL.bucket(nanos),
                new Example(traceParent, nanos, call.beganEpochMillis() + (long) (nanos * MILLIS_PER_NANO)));
    }

    Exemplars exemplars() {
        Exemplars.Builder exemplars = Exemplars.builder();
        for (int bucket = 0; bucket < last.length(); bucket++) {
            Example example = last.getAcquire(bucket);
            if (example != null) {
                exemplars.exemplar(Exemplar.builder()
                        .value(example.nanos / NANOS_PER_SECOND)
                        .traceId(TraceParent.traceId(example.traceParent))
                        .spanId(TraceParent.spanId(example.traceParent))
                        .timestampMillis(example.endedEpochMillis)
                        .build());
            }
        }
        return exemplars.build();
    }
}
