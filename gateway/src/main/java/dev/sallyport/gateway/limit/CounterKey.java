package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.call.ClientNetwork;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What a counter is kept under, whatever the configuration becomes: neither count nor burst is part of it, so a caller
 * that has used half of its minute still has when a reload changes how many calls a minute holds.
 *
 * @param owner       whose rule it is
 * @param id          the owner's id
 * @param periodNanos of the rate; 0 for concurrency
 * @param ordinal     which of the owner's rates with that period and scope
 * @param network     the client's network, by {@link ClientNetwork}; {@link #ANY_NETWORK} when all share the counter
 */
record CounterKey(Owner owner, String id, long periodNanos, int ordinal, long network)
        implements Comparable<CounterKey> {
    /** No client has it: ff00::/8 is multicast. */
    static final long ANY_NETWORK = -1;

    private static final Comparator<CounterKey> ORDER = Comparator.comparingLong(CounterKey::network)
            .thenComparing(CounterKey::id)
            .thenComparing(CounterKey::owner)
            .thenComparingLong(CounterKey::periodNanos)
            .thenComparingInt(CounterKey::ordinal);

    @Override
    public int hashCode() {
        long mixed = (network ^ periodNanos * 31 + ordinal) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) ^ id.hashCode() ^ owner.ordinal();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CounterKey key
                && network == key.network
                && periodNanos == key.periodNanos
                && ordinal == key.ordinal
                && owner == key.owner
                && id.equals(key.id);
    }

    /** Any total order: with it, keys that a client makes collide cost a map no more than a search tree would. */
    @Override
    public int compareTo(CounterKey other) {
        return ORDER.compare(this, other);
    }
}
