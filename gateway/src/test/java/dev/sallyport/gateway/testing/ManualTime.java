package dev.sallyport.gateway.testing;

import dev.sallyport.gateway.call.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Both clocks, standing still until they are moved. May be read and moved by any thread. */
public final class ManualTime implements Time {
    private static final long EPOCH_MILLIS = 1_793_534_400_000L;

    private final long originNanos;
    private final AtomicLong passedNanos = new AtomicLong();

    public ManualTime() {
        this(5_000_000_000L);
    }

    /** @param originNanos what {@link #nanos} reads at first; any value, since only differences mean something */
    public ManualTime(long originNanos) {
        this.originNanos = originNanos;
    }

    @Override
    public long nanos() {
        return originNanos + passedNanos.get();
    }

    @Override
    public long epochMillis() {
        return EPOCH_MILLIS + passedNanos.get() / 1_000_000;
    }

    public void pass(Duration duration) {
        passNanos(duration.toNanos());
    }

    public void passNanos(long nanos) {
        passedNanos.addAndGet(nanos);
    }
}
