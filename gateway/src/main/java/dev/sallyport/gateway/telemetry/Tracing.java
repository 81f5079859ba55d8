package dev.sallyport.gateway.telemetry;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.Trace;
import dev.sallyport.gateway.call.TraceParent;
import java.net.InetAddress;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides for each call to which trace it belongs, and whether it is recorded.
 *
 * <p>Without tracing a valid context passes as it came and nothing is made, so that whatever traces behind the gateway
 * decides by itself. With tracing each call gets a span id of its own, in the trace that the client named or in a new one,
 * and the gateway alone decides whether the trace is sampled: a stranger's word on that would cost others.
 */
public final class Tracing {
    private final @Nullable Sampling sampling;
    private final Predicate<InetAddress> trusted;
    private final @Nullable AllowanceGate requested;
    private final @Nullable AllowanceGate failures;

    private Tracing(@Nullable Sampling sampling, Predicate<InetAddress> trusted, long nowNanos) {
        this.sampling = sampling;
        this.trusted = trusted;
        requested = sampling == null ? null : new AllowanceGate(sampling.requested(), nowNanos);
        failures = sampling == null || sampling.failures() == null ? null
                : new AllowanceGate(sampling.failures(), nowNanos);
    }

    /** Passes contexts on, and records nothing. */
    public static Tracing off() {
        return new Tracing(null, _ -> false, 0);
    }

    /** @param trusted whose wish to have a call traced counts */
    public static Tracing on(Sampling sampling, Predicate<InetAddress> trusted, long nowNanos) {
        return new Tracing(requireNonNull(sampling, "sampling is null"), requireNonNull(trusted, "trusted is null"),
                nowNanos);
    }

    /** Notes on {@code call}, which has just begun, what it passes on. Several fields, or one that is malformed, count as none. */
    public void begin(Call call, SplittableRandom random, long nowNanos) {
        Headers headers = call.request().headers();
        String parent = headers.first(TraceParent.FIELD);
        if (parent != null && !(TraceParent.valid(parent) && headers.count(TraceParent.FIELD) == 1)) {
            parent = null;
        }
        String state = parent == null ? null : TraceState.of(headers);
        if (sampling == null) {
            if (parent != null) {
                call.traced(parent, state, null);
            }
            return;
        }
        boolean sampled = sampled(call, parent, random, nowNanos);
        String own = parent == null
                ? TraceParent.begin(random.nextLong(), random.nextLong(), random.nextLong(), sampled)
                : TraceParent.child(parent, random.nextLong(), sampled);
        call.traced(own, state, sampled ? new Trace(own, random) : null);
    }

    private boolean sampled(Call call, @Nullable String parent, SplittableRandom random, long nowNanos) {
        if (parent != null && trusted.test(call.peer().connected().getAddress())) {
            return TraceParent.sampled(parent)
                    && (requireNonNull(requested).take(nowNanos) || drawn(random));
        }
        return drawn(random);
    }

    private boolean drawn(SplittableRandom random) {
        return random.nextDouble() < requireNonNull(sampling).ratio();
    }

    /** Whether {@code call}, which has ended, is recorded. */
    public boolean recorded(Call call, long nowNanos) {
        return call.trace() != null
                || failures != null && call.outcome() != Outcome.SUCCESS && failures.take(nowNanos);
    }
}
