package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the open connections of all listeners, in all and per client address, and admits no more than {@link Limits} allows.
 * An address of IPv6 counts with its /64 network, which one host has for itself. Safe for all threads.
 */
public final class Connections {
    private final int limit;
    private final int limitPerAddress;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final ConcurrentHashMap<Object, Integer> perAddress = new ConcurrentHashMap<>();

    public Connections(Limits limits) {
        requireNonNull(limits, "limits is null");
        limit = limits.connections();
        limitPerAddress = limits.connectionsPerAddress();
    }

    /** How many connections are open now. */
    public int open() {
        return open.get();
    }

    /** How many were closed as soon as they came, since the start. */
    public long refused() {
        return refused.sum();
    }

    /** Takes one place; returns whether there was one. Each place taken is given back by {@link #leave()}. */
    boolean enter() {
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            refused.increment();
            return false;
        }
        return true;
    }

    void leave() {
        open.decrementAndGet();
    }

    /** Takes one place of those of {@code address}; returns whether there was one. */
    boolean enter(InetAddress address) {
        Object key = key(address);
        int count = perAddress.merge(key, 1, Integer::sum);
        if (count > limitPerAddress) {
            leave(key);
            refused.increment();
            return false;
        }
        return true;
    }

    void leave(InetAddress address) {
        leave(key(address));
    }

    private void leave(Object key) {
        perAddress.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
    }

    private static Object key(InetAddress address) {
        return address instanceof Inet6Address ? (Object) ByteBuffer.wrap(address.getAddress()).getLong() : address;
    }
}
