package dev.sallyport.gateway.inspect;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that look at large bodies beside the event loops. How much waits for them is bounded, by number and by bytes.
 * Outlives every snapshot.
 */
public final class InspectionThreads implements AutoCloseable {
    /** More would only compete with the event loops for the same processors, and each may hold one body that is decoded. */
    private static final int THREADS_MAX = 4;
    private static final int WAITING_MAX = 1_024;
    private static final long WAITING_BYTES_MAX = 256L << 20;

    private final ThreadPoolExecutor executor;
    private final AtomicLong bytesTaken = new AtomicLong();

    public InspectionThreads() {
        this(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, THREADS_MAX));
    }

    InspectionThreads(int threads) {
        executor =
                new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX),
                        Thread.ofPlatform().name("inspection-", 0).daemon().factory());
        executor.allowCoreThreadTimeOut(true);
    }

    /** Has {@code work} on so many bytes done; returns whether it is taken, else it will not be done. */
    public boolean run(int bytes, Runnable work) {
        if (bytesTaken.addAndGet(bytes) > WAITING_BYTES_MAX) {
            bytesTaken.addAndGet(-bytes);
            return false;
        }
        try {
            executor.execute(() -> {
                try {
                    work.run();
                } finally {
                    bytesTaken.addAndGet(-bytes);
                }
            });
            return true;
        } catch (RejectedExecutionException full) {
            bytesTaken.addAndGet(-bytes);
            return false;
        }
    }

    /** Ends the threads once what was taken is done. */
    @Override
    public void close() {
        executor.shutdown();
    }
}
