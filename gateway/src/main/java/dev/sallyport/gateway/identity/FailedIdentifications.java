package dev.sallyport.gateway.identity;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Time;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The networks whose credentials were wrong lately, and which keys were right lately, on which network. It lives as long
 * as the process, outside every snapshot, and neither part grows without bound.
 */
public final class FailedIdentifications {
    private static final int SWEPT_PER_ADDITION = 2;
    /** How many are looked at before one that still matters has to go. */
    private static final int SWEPT_WHEN_FULL = 16;

    private static final int PROVEN_BITS = 16;
    private static final int EPOCH_BITS = 16;
    private static final long EPOCH_MASK = (1L << EPOCH_BITS) - 1;
    private static final long EPOCH_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long MIXER = 0x9E3779B97F4A7C15L;

    private final Time time;
    private final long originNanos;
    private final int networksMax;
    private final ConcurrentHashMap<Long, Failures> networks = new ConcurrentHashMap<>();
    private final Queue<Long> queue = new ConcurrentLinkedQueue<>();
    private final LongAdder evicted = new LongAdder();
    /** Of each key that was right: 48 bits of key and network, and the hour. The slot is the key's and the network's, too. */
    private final AtomicLongArray proven = new AtomicLongArray(1 << PROVEN_BITS);

    /** @param networksMax how many networks are remembered; of a few old ones, a further one drops that which waits least */
    public FailedIdentifications(Time time, int networksMax) {
        this.time = requireNonNull(time, "time is null");
        originNanos = time.nanos();
        if (networksMax < 1) {
            throw new IllegalArgumentException("networksMax is below 1");
        }
        this.networksMax = networksMax;
    }

    /** How many networks are remembered. */
    public long networks() {
        return networks.mappingCount();
    }

    /** How many networks were forgotten before their time, because there were too many. */
    public long evicted() {
        return evicted.sum();
    }

    /** How long a credential of {@code network} has to wait; 0 when it need not. */
    long delayNanos(long network) {
        Failures failures = networks.isEmpty() ? null : networks.get(network);
        return failures == null ? 0 : failures.delayNanos(now());
    }

    /** Counts a credential that was wrong. */
    void failed(long network, FailureLimit limit) {
        long now = now();
        while (true) {
            Failures before = networks.get(network);
            Failures after = (before == null ? Failures.NONE : before).oneMore(now, limit);
            if (before == null ? add(network, after, now) : networks.replace(network, before, after)) {
                return;
            }
        }
    }

    private boolean add(long network, Failures failures, long now) {
        if (networks.mappingCount() >= networksMax) {
            makeRoom(now);
        } else {
            sweep(now);
        }
        if (networks.putIfAbsent(network, failures) != null) {
            return false;
        }
        queue.add(network);
        return true;
    }

    private void sweep(long now) {
        for (int i = 0; i < SWEPT_PER_ADDITION; i++) {
            Long oldest = queue.poll();
            if (oldest == null) {
                return;
            }
            if (!forgotten(oldest, now)) {
                queue.add(oldest);
            }
        }
    }

    private boolean forgotten(Long network, long now) {
        Failures failures = networks.get(network);
        return failures == null || failures.forgetNanos() <= now && networks.remove(network, failures);
    }

    private void makeRoom(long now) {
        Long mildest = null;
        int mildestWaits = Integer.MAX_VALUE;
        for (int i = 0; i < SWEPT_WHEN_FULL; i++) {
            Long network = queue.poll();
            if (network == null) {
                break;
            }
            if (forgotten(network, now)) {
                continue;
            }
            Failures failures = networks.get(network);
            int waits = failures == null ? 0 : failures.waits();
            if (waits < mildestWaits) {
                requeue(mildest);
                mildest = network;
                mildestWaits = waits;
            } else {
                queue.add(network);
            }
        }
        if (mildest != null && networks.mappingCount() >= networksMax) {
            networks.remove(mildest);
            evicted.increment();
        } else {
            requeue(mildest);
        }
    }

    private void requeue(@Nullable Long network) {
        if (network != null) {
            queue.add(network);
        }
    }

    /** Remembers, for one to two hours, that a key was right on this network. */
    void identified(long network, KeyHash key) {
        int slot = slot(network, key);
        long value = mark(network, key) | epoch();
        if (proven.getOpaque(slot) != value) {
            proven.setOpaque(slot, value);
        }
    }

    /** Whether this very key was right on this network lately, as far as it is remembered. */
    boolean identifiedLately(long network, KeyHash key) {
        long value = proven.getOpaque(slot(network, key));
        boolean same = ((value ^ mark(network, key)) & ~EPOCH_MASK) == 0;
        return same && (epoch() - value & EPOCH_MASK) <= 1;
    }

    private static int slot(long network, KeyHash key) {
        return (int) ((key.first ^ network * MIXER) * MIXER >>> Long.SIZE - PROVEN_BITS);
    }

    private static long mark(long network, KeyHash key) {
        return (key.second ^ (network ^ network >>> Integer.SIZE) * MIXER) & ~EPOCH_MASK;
    }

    /** Never 0 at the beginning, which is what an empty slot holds. */
    private long epoch() {
        return now() / EPOCH_NANOS + 2 & EPOCH_MASK;
    }

    private long now() {
        return time.nanos() - originNanos;
    }
}
