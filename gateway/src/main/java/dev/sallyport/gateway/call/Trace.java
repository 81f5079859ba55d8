package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a call that is traced notes beyond its timeline: each try at an endpoint. Other calls have none, and note nothing.
 * Confined to the call's event loop until the call has ended; read-only afterwards.
 */
public final class Trace {
    private final String traceParent;
    private final SplittableRandom random;
    private final List<Attempt> attempts = new ArrayList<>(1);

    /**
     * @param traceParent that of the call: its trace, and the span of the call itself
     * @param random      makes the ids of the spans of attempts
     */
    public Trace(String traceParent, SplittableRandom random) {
        this.traceParent = requireNonNull(traceParent, "traceParent is null");
        this.random = requireNonNull(random, "random is null");
    }

    /** An attempt at {@code endpoint} ({@code host:port}) begins, with a span of its own. */
    public Attempt attempt(String endpoint, long nowNanos) {
        Attempt begun = new Attempt(endpoint, TraceParent.child(traceParent, random.nextLong(), true), nowNanos);
        attempts.add(begun);
        return begun;
    }

    public List<Attempt> attempts() {
        return attempts;
    }

    /** One try at one endpoint. */
    public static final class Attempt {
        private final String endpoint;
        private final String traceParent;
        private final long beganNanos;
        private long endedNanos;
        private int status;
        private @Nullable RefusalCode failure;

        private Attempt(String endpoint, String traceParent, long beganNanos) {
            this.endpoint = requireNonNull(endpoint, "endpoint is null");
            this.traceParent = traceParent;
            this.beganNanos = beganNanos;
            endedNanos = beganNanos;
        }

        public String endpoint() {
            return endpoint;
        }

        /** What this endpoint gets, so that its own spans lie below that of the attempt. */
        public String traceParent() {
            return traceParent;
        }

        public long beganNanos() {
            return beganNanos;
        }

        public long endedNanos() {
            return endedNanos;
        }

        public void ended(long nowNanos) {
            endedNanos = nowNanos;
        }

        /** The status that the endpoint answered with; 0 when it did not. */
        public int status() {
            return status;
        }

        public void answered(int code) {
            status = code;
        }

        /** Why the attempt failed; null when it did not, or was given up. */
        public @Nullable RefusalCode failure() {
            return failure;
        }

        public void failed(RefusalCode code) {
            failure = requireNonNull(code, "code is null");
        }
    }
}
