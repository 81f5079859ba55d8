package dev.sallyport.testkit;

import dev.sallyport.gateway.call.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Both clocks of the gateway, which stand still until the test moves them. */
public final class ManualTime implements Time {
    /** Not zero, since the origin of the nano clock is arbitrary. */
    private static final long ORIGIN_NANOS = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();

    private final AtomicLong elapsedNanos = new AtomicLong();
    private final long startedEpochMillis;

    public ManualTime() {
        this(Instant.parse("2026-11-01T12:00:00Z"));
    }

    public ManualTime(Instant start) {
        startedEpochMillis = start.toEpochMilli();
    }

    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + duration);
        }
        elapsedNanos.addAndGet(duration.toNanos());
    }

    @Override
    public long nanos() {
        return ORIGIN_NANOS + elapsedNanos.get();
    }

    @Override
    public long epochMillis() {
        return startedEpochMillis + elapsedNanos.get() / 1_000_000;
    }
}
