package dev.sallyport.gateway.upstream;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.http.AttemptFailure;
import dev.sallyport.gateway.http.ClientConnection;
import dev.sallyport.gateway.http.ClientConnectionListener;
import dev.sallyport.gateway.http.ClientConnector;
import dev.sallyport.gateway.http.LoopTimer;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection's place in its pool: from the look-up of the endpoint's name to the end. The time-out is for the opening as a whole. */
final class PooledConnection extends LoopTimer.Timeout implements ClientConnectionListener {
    private final ConnectionPool pool;
    private ClientConnector.@Nullable Opening opening;
    private @Nullable ClientConnection connection;
    private boolean over;

    boolean listed;
    boolean used;
    long idleSinceNanos;

    PooledConnection(ConnectionPool pool) {
        this.pool = pool;
    }

    /** The connection, which is open by now. */
    ClientConnection connection() {
        return requireNonNull(connection, "connection is null");
    }

    void begin() {
        Endpoint endpoint = pool.endpoint();
        pool.context().timer().armMillis(this, endpoint.connectMillis());
        List<InetAddress> addresses = endpoint.addresses().now();
        if (addresses != null) {
            connect(addresses);
            return;
        }
        endpoint.addresses().later().whenComplete((found, thrown) -> pool.context().loop().execute(() -> {
            if (over) {
                return;
            }
            if (found == null || found.isEmpty()) {
                openingFailed(
                        new AttemptFailure(RefusalCode.UPSTREAM_CONNECT_FAILED,
                                endpoint.name() + ": the name " + endpoint.spec().host() + " was not found", true));
            } else {
                connect(found);
            }
        }));
    }

    private void connect(List<InetAddress> addresses) {
        ClientConnector.Opening begun = pool.endpoint().connector().open(pool.context(),
                pool.endpoint().target(pool.version()), addresses, this);
        if (!over && connection == null) {
            opening = begun;
        }
    }

    @Override
    protected void expired() {
        Endpoint endpoint = pool.endpoint();
        endpoint.addresses().rotate();
        openingFailed(
                new AttemptFailure(
                        RefusalCode.UPSTREAM_CONNECT_TIMEOUT,
                        endpoint.name() + ": no connection within " + endpoint.connectMillis() + " ms", true));
    }

    @Override
    public void opened(ClientConnection opened) {
        if (over) {
            opened.close();
            return;
        }
        pool.context().timer().disarm(this);
        opening = null;
        connection = opened;
        pool.opened(this);
    }

    @Override
    public void openingFailed(AttemptFailure failure) {
        if (!over) {
            over = true;
            stopOpening();
            pool.openingFailed(this, failure);
        }
    }

    private void stopOpening() {
        pool.context().timer().disarm(this);
        if (opening != null) {
            opening.abandon();
            opening = null;
        }
    }

    @Override
    public void available(ClientConnection ready) {
        if (!over) {
            pool.available(this);
        }
    }

    @Override
    public void closed(ClientConnection gone) {
        if (!over) {
            over = true;
            pool.closed(this);
        }
    }

    void drain() {
        if (connection != null) {
            connection.drain();
        }
    }

    void close() {
        if (connection != null) {
            connection.close();
        } else if (!over) {
            openingFailed(new AttemptFailure(RefusalCode.SHUTTING_DOWN,
                    pool.endpoint().name() + ": the gateway shuts down", true));
        }
    }
}
