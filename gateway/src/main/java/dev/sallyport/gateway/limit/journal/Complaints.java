package dev.sallyport.gateway.limit.journal;

import dev.sallyport.gateway.call.Time;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Logs what goes wrong again and again, at most once a minute. */
final class Complaints {
    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger logger;
    private final Time time;
    private final AtomicReference<@Nullable Long> reported = new AtomicReference<>();

    Complaints(Logger logger, Time time) {
        this.logger = logger;
        this.time = time;
    }

    void report(String message) {
        long now = time.nanos();
        Long before = reported.get();
        if ((before == null || now - before >= INTERVAL_NANOS) && reported.compareAndSet(before, now)) {
            logger.error(message);
        }
    }
}
