package dev.sallyport.app;

import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/**
 * Waits for SIGINT (Ctrl-C) or SIGTERM, so that the process can end in order and with exit code 0; the JVM's own answer
 * would be 130 or 143. A second signal ends the process at once.
 */
final class StopSignal {
    private static final int AT_ONCE = 1;

    private final CountDownLatch received = new CountDownLatch(1);

    private StopSignal() {}

    /** Begins to take the signals. */
    static StopSignal install() {
        StopSignal stop = new StopSignal();
        Signal.handle(new Signal("INT"), _ -> stop.receive());
        Signal.handle(new Signal("TERM"), _ -> stop.receive());
        return stop;
    }

    private void receive() {
        if (received.getCount() == 0) {
            Runtime.getRuntime().halt(AT_ONCE);
        }
        received.countDown();
    }

    void await() throws InterruptedException {
        received.await();
    }
}
