package dev.sallyport.gateway.limit.journal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The two threads beside the writers: one makes their next files, one forces and folds, and neither holds up the other. */
final class JournalThreads implements AutoCloseable {
    private static final long SUPPLY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Journal journal;
    private final long forceNanos;
    private final Thread supplier;
    private final Thread maintainer;
    private volatile boolean closed;

    JournalThreads(Journal journal, long forceNanos) {
        this.journal = journal;
        this.forceNanos = forceNanos;
        supplier = Thread.ofPlatform().daemon().name("journal-files").start(this::supply);
        maintainer = Thread.ofPlatform().daemon().name("journal").start(this::maintain);
    }

    void spareWanted() {
        LockSupport.unpark(supplier);
    }

    private void supply() {
        while (!closed) {
            if (journal.supply()) {
                LockSupport.parkNanos(SUPPLY_NANOS);
            } else {
                retryLater();
            }
        }
    }

    /** Calls that find no file unpark the thread each time, which must not become a busy loop. */
    private void retryLater() {
        long began = System.nanoTime();
        for (long left = RETRY_NANOS; left > 0 && !closed; left = RETRY_NANOS - (System.nanoTime() - began)) {
            LockSupport.parkNanos(left);
        }
    }

    private void maintain() {
        while (!closed) {
            journal.maintain();
            LockSupport.parkNanos(forceNanos);
        }
    }

    /** Ends both threads and waits for them. */
    @Override
    public void close() {
        closed = true;
        end(supplier);
        end(maintainer);
    }

    private static void end(Thread thread) {
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
