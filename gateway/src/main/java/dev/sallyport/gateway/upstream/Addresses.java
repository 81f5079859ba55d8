package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Time;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one host: looked up off the event loops, kept for {@value #KEPT_SECONDS} s, and longer while the name
 * service does not answer. Concurrent askers share one look-up. Safe for use by several threads.
 */
final class Addresses {
    static final int KEPT_SECONDS = 30;

    /** The name service: blocks. */
    interface NameService {
        List<InetAddress> find(String host) throws UnknownHostException;
    }

    private final String host;
    private final NameService service;
    private final Executor executor;
    private final Time time;
    private final AtomicReference<@Nullable CompletableFuture<List<InetAddress>>> underWay = new AtomicReference<>();
    private volatile @Nullable Known known;

    private record Known(List<InetAddress> addresses, long untilNanos) {}

    Addresses(String host, NameService service, Executor executor, Time time) {
        this.host = host;
        this.service = service;
        this.executor = executor;
        this.time = time;
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            known = new Known(List.of(address(literal)), Long.MAX_VALUE);
        }
    }

    private static InetAddress address(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + literal.length + " bytes", e);
        }
    }

    /** The addresses as far as they are known now; null when a look-up is needed. */
    @Nullable
    List<InetAddress> now() {
        Known current = known;
        return current != null && (current.untilNanos == Long.MAX_VALUE || current.untilNanos - time.nanos() > 0)
                ? current.addresses : null;
    }

    /** Looks the addresses up; completes on another thread. */
    CompletionStage<List<InetAddress>> later() {
        CompletableFuture<List<InetAddress>> begun = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> before = underWay.compareAndExchange(null, begun);
        if (before != null) {
            return before;
        }
        try {
            executor.execute(() -> lookUp(begun));
        } catch (RejectedExecutionException e) {
            underWay.set(null);
            begun.completeExceptionally(new UnknownHostException("too many look-ups of names at once"));
        }
        return begun;
    }

    private void lookUp(CompletableFuture<List<InetAddress>> begun) {
        List<InetAddress> found = List.of();
        Throwable thrown = null;
        try {
            found = List.copyOf(service.find(host));
            known = new Known(found, time.nanos() + TimeUnit.SECONDS.toNanos(KEPT_SECONDS));
        } catch (UnknownHostException | RuntimeException e) {
            thrown = e;
        }
        Known stale = known;
        underWay.set(null);
        if (thrown == null) {
            begun.complete(found);
        } else if (stale != null) {
            begun.complete(stale.addresses);
        } else {
            begun.completeExceptionally(thrown);
        }
    }

    /** Has the next connection begin with another address, since the first one did not answer. */
    void rotate() {
        Known current = known;
        if (current != null && current.addresses.size() > 1) {
            List<InetAddress> rotated = new ArrayList<>(current.addresses);
            rotated.add(rotated.removeFirst());
            known = new Known(List.copyOf(rotated), current.untilNanos);
        }
    }
}
