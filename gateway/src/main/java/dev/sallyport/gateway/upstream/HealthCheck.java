package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.http.AttemptFailure;
import dev.sallyport.gateway.http.AttemptListener;
import dev.sallyport.gateway.http.ClientConnection;
import dev.sallyport.gateway.http.ClientConnectionListener;
import dev.sallyport.gateway.http.ClientConnector;
import dev.sallyport.gateway.http.LoopContext;
import dev.sallyport.gateway.http.LoopTimer;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one endpoint at intervals whether it is well, each time on a connection of its own, so that it neither takes a
 * call's place in the pool nor waits behind one. Confined to its loop. The time-out is for the check under way, or for the
 * pause until the next one.
 */
final class HealthCheck extends LoopTimer.Timeout {
    private static final Logger LOG = LoggerFactory.getLogger(HealthCheck.class);
    /** Intervals vary by a tenth either way, so that many checks do not fall into step. */
    private static final double JITTER = 0.1;

    private final HealthSpec spec;
    private final Endpoint endpoint;
    private final LoopContext context;
    private @Nullable Probe probe;
    private boolean stopped;
    private boolean down;
    private int failures;
    private int successes;

    HealthCheck(HealthSpec spec, Endpoint endpoint, LoopContext context) {
        this.spec = spec;
        this.endpoint = endpoint;
        this.context = context;
        down = endpoint.health().state() == Health.State.DOWN;
    }

    void check() {
        if (!stopped) {
            context.timer().armMillis(this, spec.timeoutMillis());
            Probe begun = new Probe();
            probe = begun;
            begun.begin();
        }
    }

    void stop() {
        stopped = true;
        context.timer().disarm(this);
        if (probe != null) {
            probe.end();
            probe = null;
        }
    }

    @Override
    protected void expired() {
        if (probe != null) {
            result(probe, false, "no answer within " + spec.timeoutMillis() + " ms");
        } else {
            check();
        }
    }

    private void result(Probe ended, boolean well, String what) {
        if (probe != ended) {
            return;
        }
        probe = null;
        ended.end();
        failures = well ? 0 : failures + 1;
        successes = well ? successes + 1 : 0;
        if (!down && failures >= spec.failures()) {
            down = true;
            endpoint.health().checked(false);
            LOG.warn("endpoint {} is down: {}", endpoint.name(), what);
        } else if (down && successes >= spec.successes()) {
            down = false;
            endpoint.health().checked(true);
            LOG.info("endpoint {} is up again", endpoint.name());
        }
        double factor = 1 + JITTER * (2 * context.random().nextDouble() - 1);
        context.timer().arm(this, (long) (TimeUnit.MILLISECONDS.toNanos(spec.intervalMillis()) * factor));
    }

    /** One question: a connection, a request, the status of its answer. */
    private final class Probe implements ClientConnectionListener, AttemptListener {
        private ClientConnector.@Nullable Opening opening;
        private @Nullable ClientConnection connection;

        void begin() {
            List<InetAddress> addresses = endpoint.addresses().now();
            if (addresses != null) {
                connect(addresses);
                return;
            }
            endpoint.addresses().later().whenComplete((found, thrown) -> context.loop().execute(() -> {
                if (probe == this && found != null && !found.isEmpty()) {
                    connect(found);
                } else {
                    result(this, false, "its name was not found");
                }
            }));
        }

        private void connect(List<InetAddress> addresses) {
            opening = endpoint.connector().open(context, endpoint.target(endpoint.version()), addresses, this);
        }

        void end() {
            if (connection != null) {
                connection.close();
            } else if (opening != null) {
                opening.abandon();
            }
        }

        @Override
        public void opened(ClientConnection opened) {
            connection = opened;
            if (probe != this) {
                opened.close();
                return;
            }
            String path = endpoint.spec().basePath() + spec.path();
            Headers headers = Headers.of("user-agent", "sallyport-health-check");
            RequestHead head = new RequestHead(Protocol.HTTP_1_1, "GET", "http", endpoint.authority(), path, null,
                    headers, 0, null);
            opened.send(head, true, this);
        }

        @Override
        public void openingFailed(AttemptFailure failure) {
            result(this, false, failure.detail());
        }

        @Override
        public void response(ResponseHead head, boolean end) {
            result(this, head.status() >= 200 && head.status() < 400, "it answered with " + head.status());
        }

        @Override
        public void failed(AttemptFailure failure) {
            result(this, false, failure.detail());
        }

        @Override
        public void responseChunk(ByteBuf chunk) {
            chunk.release();
        }

        @Override
        public void available(ClientConnection ready) {}

        @Override
        public void closed(ClientConnection gone) {}

        @Override
        public void interim(ResponseHead head) {}

        @Override
        public void responseEnd(Headers trailers) {}

        @Override
        public void writable() {}
    }
}
