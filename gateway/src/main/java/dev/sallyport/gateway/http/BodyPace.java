package dev.sallyport.gateway.http;

import java.util.concurrent.TimeUnit;

/**
 * Watches how bytes arrive that we are ready to take: expires when none came for too long, or when too few came on the
 * whole. While we are not ready the clock stands still.
 */
final class BodyPace extends LoopTimer.Timeout {
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LoopTimer timer;
    private final Limits limits;
    private final Runnable tooSlow;
    private long stallNanos;
    private long bytesPerSecond;
    private final long graceNanos;

    private boolean ready;
    private long readySince;
    private long readyBefore;
    private long lastByte;
    private long bytes;

    /** @param tooSlow called once, on the loop */
    BodyPace(LoopTimer timer, Limits limits, Runnable tooSlow) {
        this.timer = timer;
        this.limits = limits;
        this.tooSlow = tooSlow;
        stallNanos = TimeUnit.MILLISECONDS.toNanos(limits.bodyStallMillis());
        bytesPerSecond = limits.bodyBytesPerSecond();
        graceNanos = TimeUnit.MILLISECONDS.toNanos(limits.bodyGraceMillis());
    }

    /** From now on as for a tunnel or a stream of messages: either side may be silent for long, but not for ever. */
    void relax() {
        stallNanos = TimeUnit.MILLISECONDS.toNanos(limits.tunnelIdleMillis());
        bytesPerSecond = 0;
        if (ready) {
            lastByte = timer.nanos();
            timer.arm(this, stallNanos);
        }
    }

    /** We are ready to take bytes. */
    void start() {
        if (!ready) {
            ready = true;
            readySince = timer.nanos();
            lastByte = readySince;
            timer.arm(this, bytesPerSecond == 0 ? stallNanos : Math.min(stallNanos, graceNanos));
        }
    }

    /** We take no bytes now. */
    void pause() {
        if (ready) {
            ready = false;
            readyBefore += timer.nanos() - readySince;
            timer.disarm(this);
        }
    }

    void received(int count) {
        bytes += count;
        lastByte = timer.nanos();
    }

    @Override
    protected void expired() {
        if (!ready) {
            return;
        }
        long now = timer.nanos();
        long readyFor = readyBefore + now - readySince;
        boolean slow = readyFor >= graceNanos && bytes < bytesPerSecond * (readyFor / 1e9);
        if (slow || now - lastByte >= stallNanos) {
            ready = false;
            tooSlow.run();
            return;
        }
        long untilRate = bytesPerSecond == 0 ? Long.MAX_VALUE : Math.max(graceNanos - readyFor, CHECK_NANOS);
        timer.arm(this, Math.min(stallNanos - (now - lastByte), untilRate));
    }
}
