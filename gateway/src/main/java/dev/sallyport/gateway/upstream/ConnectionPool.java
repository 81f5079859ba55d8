package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.http.AttemptFailure;
import dev.sallyport.gateway.http.ClientConnection;
import dev.sallyport.gateway.http.ClientTarget.Version;
import dev.sallyport.gateway.http.LoopContext;
import dev.sallyport.gateway.http.LoopTimer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one endpoint on one event loop: the one used last is taken first, idle ones are closed after
 * {@value #IDLE_SECONDS} s, calls wait in line when there is none. Confined to its loop but for {@link #wake()} and {@link #grant()}.
 *
 * <p>HTTP/1.1 connections leave {@code ready} while an attempt is under way; those of HTTP/2 stay as long as they have capacity.
 */
final class ConnectionPool {
    /** Shorter than the 5 s after which common model servers close an idle connection, so that we close first. */
    static final int IDLE_SECONDS = 4;
    /** An idle connection that multiplexes costs the peer little, and peers keep it for minutes. */
    static final int MULTIPLEXED_IDLE_SECONDS = 60;
    /** Calls that may wait on one loop. */
    static final int WAITING_MAX = 1_000;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
    private static final long MULTIPLEXED_IDLE_NANOS = TimeUnit.SECONDS.toNanos(MULTIPLEXED_IDLE_SECONDS);

    private final Endpoint endpoint;
    private final LoopContext context;
    private final Version version;
    private final ArrayList<PooledConnection> ready = new ArrayList<>(2);
    private final Set<PooledConnection> all = new HashSet<>(4);
    private final ArrayDeque<ConnectionWaiter> waiters = new ArrayDeque<>(2);
    private final AtomicBoolean starving = new AtomicBoolean();
    private int opening;
    private boolean retired;

    private final LoopTimer.Timeout idleTimeout = new LoopTimer.Timeout() {
        @Override
        protected void expired() {
            evictIdle();
        }
    };

    ConnectionPool(Endpoint endpoint, LoopContext context, Version version) {
        this.endpoint = endpoint;
        this.context = context;
        this.version = version;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    LoopContext context() {
        return context;
    }

    Version version() {
        return version;
    }

    /**
     * Finds a connection for {@code waiter}, now or later.
     *
     * @param fresh whether one that was used before will not do
     */
    void acquire(ConnectionWaiter waiter, boolean fresh) {
        PooledConnection connection = fresh ? null : takeReady();
        if (connection != null) {
            use(connection, waiter);
            return;
        }
        if (waiters.size() >= WAITING_MAX) {
            waiter.unavailable(exhausted());
            return;
        }
        waiters.add(waiter);
        endpoint.waiting(1);
        if (fresh && endpoint.slots().taken() >= endpoint.slots().most()) {
            closeOldest();
        }
        open();
    }

    /** {@code waiter} does not want a connection any more. */
    void forget(ConnectionWaiter waiter) {
        if (waiters.remove(waiter)) {
            endpoint.waiting(-1);
        }
    }

    AttemptFailure exhausted() {
        return new AttemptFailure(
                RefusalCode.POOL_EXHAUSTED,
                endpoint.name() + ": all " + endpoint.slots().most() + " connections are taken, " + waiters.size()
                        + " calls wait",
                true);
    }

    private @Nullable PooledConnection takeReady() {
        while (!ready.isEmpty()) {
            PooledConnection last = ready.removeLast();
            last.listed = false;
            if (last.connection().capacity() > 0) {
                return last;
            }
        }
        return null;
    }

    private void list(PooledConnection connection) {
        if (!connection.listed && connection.connection().capacity() > 0) {
            connection.listed = true;
            ready.add(connection);
        }
    }

    private void use(PooledConnection pooled, ConnectionWaiter waiter) {
        boolean reused = pooled.used;
        pooled.used = true;
        waiter.connected(pooled.connection(), reused);
        list(pooled);
    }

    private void serve() {
        serveReady();
        open();
    }

    private void serveReady() {
        PooledConnection connection;
        while (!waiters.isEmpty() && (connection = takeReady()) != null) {
            endpoint.waiting(-1);
            use(connection, waiters.removeFirst());
        }
    }

    /** Opens as many connections as the waiting calls need and the endpoint may have. */
    private void open() {
        while (opening < wanted()) {
            if (!endpoint.slots().take() && !takeAfterStarving()) {
                return;
            }
            openOne();
        }
    }

    /** Opens a connection in a slot that has been taken for it. */
    private void openOne() {
        opening++;
        PooledConnection begun = new PooledConnection(this);
        all.add(begun);
        tellOpening();
        begun.begin();
    }

    /** As long as the peer may multiplex, one new connection at a time is enough for all that wait. */
    private int wanted() {
        return endpoint.mayMultiplex(version) ? Math.min(1, waiters.size()) : waiters.size();
    }

    private boolean takeAfterStarving() {
        if (starving.compareAndSet(false, true)) {
            endpoint.slots().starve(this);
            endpoint.askForIdle(this);
        }
        return endpoint.slots().take();
    }

    private void tellOpening() {
        if (endpoint.mayMultiplex(version)) {
            waiters.forEach(ConnectionWaiter::opening);
            return;
        }
        int at = 0;
        for (ConnectionWaiter waiter : waiters) {
            if (++at == opening) {
                waiter.opening();
                return;
            }
        }
    }

    /** Another pool's slot is ours now; called on any thread. */
    void grant() {
        starving.set(false);
        context.loop().execute(this::granted);
    }

    private void granted() {
        serveReady();
        if (opening < wanted()) {
            openOne();
        } else {
            endpoint.slots().giveBack();
        }
        open();
    }

    /** A slot may be free; called on any thread. */
    void wake() {
        starving.set(false);
        context.loop().execute(this::woken);
    }

    private void woken() {
        serve();
        if (waiters.isEmpty()) {
            endpoint.slots().passOn();
        }
    }

    /** Another loop lacks a connection: closes the one that was idle longest. */
    void giveUpIdle() {
        if (waiters.isEmpty()) {
            closeOldest();
        }
    }

    private void closeOldest() {
        for (PooledConnection candidate : ready) {
            if (candidate.connection().idle()) {
                candidate.connection().drain();
                return;
            }
        }
    }

    void opened(PooledConnection connection) {
        opening--;
        if (version != Version.HTTP_1) {
            endpoint.learned(connection.connection().protocol());
        }
        // It serves at least one call before it may make way for another loop: else two loops could take turns at opening.
        list(connection);
        serve();
        restIfIdle(connection);
    }

    void openingFailed(PooledConnection connection, AttemptFailure failure) {
        opening--;
        all.remove(connection);
        List<ConnectionWaiter> failed = failing();
        endpoint.slots().giveBack();
        for (ConnectionWaiter waiter : failed) {
            waiter.unavailable(failure);
        }
        open();
    }

    /** Those for whom the connection was opened: all, when one connection would have served all. */
    private List<ConnectionWaiter> failing() {
        int count = endpoint.mayMultiplex(version) ? waiters.size() : Math.min(1, waiters.size());
        List<ConnectionWaiter> failed = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            failed.add(waiters.removeFirst());
        }
        endpoint.waiting(-count);
        return failed;
    }

    /** The connection can take an attempt again. */
    void available(PooledConnection connection) {
        list(connection);
        if (!waiters.isEmpty()) {
            if (connection.connection().idle() && all.size() > endpoint.fairShare()
                    && endpoint.slots().othersStarve(this)) {
                connection.connection().drain();
            } else {
                serve();
            }
        } else {
            restIfIdle(connection);
        }
    }

    private void restIfIdle(PooledConnection connection) {
        if (!connection.connection().idle()) {
            return;
        }
        if (retired || endpoint.slots().othersStarve(this)) {
            connection.connection().drain();
        } else {
            rest(connection);
        }
    }

    private void rest(PooledConnection connection) {
        connection.idleSinceNanos = context.time().nanos();
        if (!idleTimeout.armed()) {
            context.timer().armAt(idleTimeout, connection.idleSinceNanos + idleNanos(connection));
        }
    }

    private static long idleNanos(PooledConnection connection) {
        return connection.connection().protocol() == Protocol.HTTP_2 ? MULTIPLEXED_IDLE_NANOS : IDLE_NANOS;
    }

    private void evictIdle() {
        long now = context.time().nanos();
        long next = Long.MAX_VALUE;
        for (PooledConnection candidate : List.copyOf(ready)) {
            if (candidate.connection().idle()) {
                long left = candidate.idleSinceNanos + idleNanos(candidate) - now;
                if (left <= 0) {
                    candidate.connection().drain();
                } else {
                    next = Math.min(next, left);
                }
            }
        }
        if (next != Long.MAX_VALUE) {
            context.timer().armAt(idleTimeout, now + next);
        }
    }

    void closed(PooledConnection connection) {
        if (connection.listed) {
            connection.listed = false;
            ready.remove(connection);
        }
        if (all.remove(connection)) {
            endpoint.slots().giveBack();
        }
        open();
    }

    /** Keeps no idle connection from now on; calls under way and those that wait go on. */
    void retire() {
        retired = true;
        if (waiters.isEmpty()) {
            for (PooledConnection connection : List.copyOf(all)) {
                connection.drain();
            }
        }
    }

    /** Closes everything; calls under way fail. */
    void close() {
        retired = true;
        context.timer().disarm(idleTimeout);
        while (!waiters.isEmpty()) {
            endpoint.waiting(-1);
            waiters.removeFirst().unavailable(
                    new AttemptFailure(RefusalCode.SHUTTING_DOWN, endpoint.name() + ": the gateway shuts down", true));
        }
        for (PooledConnection connection : List.copyOf(all)) {
            connection.close();
        }
    }
}
