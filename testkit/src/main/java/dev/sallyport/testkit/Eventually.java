package dev.sallyport.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another thread is about to do: at most so long, and not a moment longer than needed. */
public final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = 1_000_000;

    private Eventually() {}

    /** Something that throws an {@link AssertionError} until it holds. */
    @FunctionalInterface
    public interface Assertion {
        void run() throws Exception;
    }

    /** Tries {@code assertion} again and again for up to twenty seconds; throws what it threw last. */
    public static void assertEventually(Assertion assertion) throws Exception {
        assertEventually(PATIENCE, assertion);
    }

    public static void assertEventually(Duration patience, Assertion assertion) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError failure) {
                if (System.nanoTime() - end >= 0) {
                    throw failure;
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
