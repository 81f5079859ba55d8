package dev.sallyport.gateway.telemetry;

import dev.sallyport.gateway.telemetry.Sampling.Allowance;
import java.util.concurrent.atomic.AtomicLong;

/** Lets through what an allowance allows, over all event loops together (generic cell rate algorithm). */
final class AllowanceGate {
    private final long gapNanos;
    private final long slackNanos;
    /** When the next one would come if all came evenly. */
    private final AtomicLong due;

    AllowanceGate(Allowance allowance, long nowNanos) {
        gapNanos = allowance.periodNanos() / allowance.count();
        slackNanos = gapNanos * (allowance.burst() - 1L);
        due = new AtomicLong(nowNanos);
    }

    boolean take(long nowNanos) {
        while (true) {
            long seen = due.get();
            long earliest = seen - nowNanos < 0 ? nowNanos : seen;
            if (earliest - nowNanos > slackNanos) {
                return false;
            }
            if (due.compareAndSet(seen, earliest + gapNanos)) {
                return true;
            }
        }
    }
}
