package dev.sallyport.gateway.upstream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bound on the connections to one endpoint, shared by the pools of all loops. A pool that gets no slot is noted as
 * starving, and gets the next that is given back; pools with connections to spare see that and give one up. Safe for use
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

    /** Gives a slot back: straight to a pool that starves, else whoever gives one back could take it again at once. */
    void giveBack() {
        ConnectionPool next = taken.get() <= most ? starving.poll() : null;
        if (next != null) {
            next.grant();
            return;
        }
        taken.decrementAndGet();
        passOn(); // one may have begun to starve meanwhile
    }

    /** Notes that {@code pool} wants a slot; it must try {@link #take} once more afterwards, lest it miss one that came back meanwhile. */
    void starve(ConnectionPool pool) {
        starving.add(pool);
    }

    /** Slots may be free, or have become more: wakes a pool that starves. */
    void passOn() {
        ConnectionPool next = taken.get() < most ? starving.poll() : null;
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
