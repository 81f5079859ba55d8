package dev.sallyport.app;

import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Waits for SIGINT (Ctrl-C) or SIGTERM, so that the process can end in order and with exit code 0; the JVM's own answer
 * would be 130 or 143. A second signal ends the process at once.
 */
final class StopSignal implements AutoCloseable {
    private static final int AT_ONCE = 1;
    private static final Signal INTERRUPT = new Signal("INT");
    private static final Signal TERMINATE = new Signal("TERM");

    private final CountDownLatch received = new CountDownLatch(1);
    private final SignalHandler interruptBefore;
    private final SignalHandler terminateBefore;

    private StopSignal() {
        interruptBefore = Signal.handle(INTERRUPT, _ -> receive());
        terminateBefore = Signal.handle(TERMINATE, _ -> receive());
    }

    /** Begins to take the signals. */
    static StopSignal install() {
        return new StopSignal();
    }

    /** Leaves the signals to those who had them before. */
    @Override
    public void close() {
        Signal.handle(INTERRUPT, interruptBefore);
        Signal.handle(TERMINATE, terminateBefore);
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
