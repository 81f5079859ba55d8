package dev.sallyport.gateway.upstream;

import java.util.concurrent.atomic.AtomicInteger;

/** Keeps retries to a share of the calls in flight, so that they cannot multiply the load of an upstream that is failing. Safe for use by several threads. */
final class RetryBudget {
    /** Retries that are always allowed at once. */
    static final int FLOOR = 3;

    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * Takes one retry from the budget, to be given back by {@link #giveBack} when its call has ended.
     *
     * @param callsInFlight of the upstream, retries included
     * @param share         0 to 1
     */
    boolean take(int callsInFlight, double share) {
        int most = Math.max(FLOOR, (int) (callsInFlight * share));
        int current = underWay.get();
        while (current < most) {
            if (underWay.compareAndSet(current, current + 1)) {
                return true;
            }
            current = underWay.get();
        }
        return false;
    }

    void giveBack(int retries) {
        underWay.addAndGet(-retries);
    }

    int underWay() {
        return underWay.get();
    }
}
