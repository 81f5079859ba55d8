package dev.sallyport.gateway.upstream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bound on the connections to one endpoint, shared by the pools of all loops. A pool that gets no slot is noted as
 * starving, and is woken when one is given back; pools with connections to spare see that and give one up. Safe for use
 * by several threads.
 */
final class Slots {
    private final AtomicInteger taken = new AtomicInteger();
    private final Queue<ConnectionPool> starving = new ConcurrentLinkedQueue<>();
    private volatile int most;

    Slots(int most) {
        this.most = most;
    }

    void bound(int connections) {
        most = connections;
    }

    int most() {
        return most;
    }

    int taken() {
        return taken.get();
    }

    boolean take() {
        int current = taken.get();
        while (current < most) {
            if (taken.compareAndSet(current, current + 1)) {
                return true;
            }
            current = taken.get();
        }
        return false;
    }

    void giveBack() {
        taken.decrementAndGet();
        wakeNext();
    }

    /** Notes that {@code pool} wants a slot; it must try {@link #take} once more afterwards, lest it miss one that came back meanwhile. */
    void starve(ConnectionPool pool) {
        starving.add(pool);
    }

    /** A pool that was woken needs no slot after all. */
    void passOn() {
        if (taken.get() < most) {
            wakeNext();
        }
    }

    private void wakeNext() {
        ConnectionPool next = starving.poll();
        if (next != null) {
            next.wake();
        }
    }

    boolean othersStarve(ConnectionPool asking) {
        for (ConnectionPool pool : starving) {
            if (pool != asking) {
                return true;
            }
        }
        return false;
    }
}
