package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Time;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time-outs of one event loop: cheap to arm, to move and to disarm, and up to {@value #TICK_MILLIS} ms late.
 *
 * <p>Every call arms several time-outs of which hardly any expires, so arming is a list insertion and moving a field
 * write; one tick scans the list. The tick runs only while something is armed. Confined to its loop.
 */
public final class LoopTimer {
    static final int TICK_MILLIS = 20;
    private static final Logger LOG = LoggerFactory.getLogger(LoopTimer.class);

    private final EventLoop loop;
    private final Time time;
    private @Nullable Timeout first;
    private final List<Timeout> due = new ArrayList<>();
    private boolean ticking;

    public LoopTimer(EventLoop loop, Time time) {
        this.loop = loop;
        this.time = time;
    }

    public long nanos() {
        return time.nanos();
    }

    /** Something that expires at a deadline unless it is moved or disarmed. */
    public abstract static class Timeout {
        private long atNanos;
        private boolean armed;
        private @Nullable Timeout previous;
        private @Nullable Timeout next;

        /** Called on the loop, once for each time it is armed; it is disarmed by then. */
        protected abstract void expired();

        public final boolean armed() {
            return armed;
        }
    }

    /** Arms {@code timeout}, or moves it when it is armed already. */
    public void arm(Timeout timeout, long durationNanos) {
        armAt(timeout, time.nanos() + durationNanos);
    }

    /** Arms {@code timeout}, or moves it, to an instant of the injected nano clock. */
    public void armAt(Timeout timeout, long instantNanos) {
        timeout.atNanos = instantNanos;
        if (timeout.armed) {
            return;
        }
        timeout.armed = true;
        timeout.next = first;
        timeout.previous = null;
        if (first != null) {
            first.previous = timeout;
        }
        first = timeout;
        if (!ticking) {
            ticking = true;
            scheduleTick();
        }
    }

    public void armMillis(Timeout timeout, long durationMillis) {
        arm(timeout, TimeUnit.MILLISECONDS.toNanos(durationMillis));
    }

    public void disarm(Timeout timeout) {
        if (!timeout.armed) {
            return;
        }
        timeout.armed = false;
        if (timeout.previous == null) {
            first = timeout.next;
        } else {
            timeout.previous.next = timeout.next;
        }
        if (timeout.next != null) {
            timeout.next.previous = timeout.previous;
        }
        timeout.previous = null;
        timeout.next = null;
    }

    private void scheduleTick() {
        loop.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        long now = time.nanos();
        for (Timeout scanned = first; scanned != null; scanned = scanned.next) {
            if (scanned.atNanos - now <= 0) {
                due.add(scanned);
            }
        }
        for (Timeout timeout : due) {
            // One that expired before it in this tick may have disarmed or moved it.
            if (timeout.armed && timeout.atNanos - now <= 0) {
                disarm(timeout);
                expire(timeout);
            }
        }
        due.clear();
        ticking = first != null;
        if (ticking) {
            scheduleTick();
        }
    }

    private static void expire(Timeout timeout) {
        try {
            timeout.expired();
        } catch (RuntimeException thrown) {
            LOG.error("a time-out failed", thrown);
        }
    }
}
