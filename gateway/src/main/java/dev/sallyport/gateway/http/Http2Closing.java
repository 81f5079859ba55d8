package dev.sallyport.gateway.http;

import java.util.concurrent.TimeUnit;

/**
 * How a connection of HTTP/2 comes to its end: after it was idle, when we drain, or when the client leaves. Says farewell
 * twice (RFC 9113 section 6.8): first without naming a last stream, and, when an answered PING shows that this was heard, with it.
 */
final class Http2Closing {
    private static final int NO_LAST_STREAM = Integer.MAX_VALUE;
    private static final long PING = 0x73616c6c79L;
    private static final long FAREWELL_MILLIS = 1_000;

    private enum State {
        OPEN, LEAVING, LEFT, CLOSED
    }

    private final Http2ServerConnection connection;
    private final LoopTimer timer;
    private final long idleNanos;
    private final LoopTimer.Timeout idle = new Idle();
    private final LoopTimer.Timeout unheard = new Unheard();
    private State state = State.OPEN;
    private long idleSince;

    Http2Closing(Http2ServerConnection connection) {
        this.connection = connection;
        timer = connection.loopContext().timer();
        idleNanos = TimeUnit.MILLISECONDS.toNanos(connection.limits().idleMillis());
    }

    void begin() {
        idleSince = timer.nanos();
        timer.arm(idle, idleNanos);
    }

    void drain() {
        if (state == State.OPEN) {
            state = State.LEAVING;
            connection.goAway(NO_LAST_STREAM);
            connection.ping(PING);
            timer.armMillis(unheard, FAREWELL_MILLIS);
        }
    }

    void pingAnswered(long data) {
        if (state == State.LEAVING && data == PING) {
            leave();
        }
    }

    void clientLeaves() {
        if (state == State.OPEN || state == State.LEAVING) {
            leave();
        }
    }

    private void leave() {
        state = State.LEFT;
        timer.disarm(unheard);
        connection.goAway(connection.lastStream());
        streamClosed();
    }

    /** A stream has ended, perhaps the last. */
    void streamClosed() {
        if (connection.activeStreams() == 0) {
            idleSince = timer.nanos();
            if (state == State.LEFT) {
                state = State.CLOSED;
                connection.closeAfterFlush();
            }
        }
    }

    /** The connection is closed. */
    void end() {
        state = State.CLOSED;
        timer.disarm(idle);
        timer.disarm(unheard);
    }

    private final class Idle extends LoopTimer.Timeout {
        @Override
        protected void expired() {
            long rest = connection.activeStreams() > 0 ? idleNanos : idleSince + idleNanos - timer.nanos();
            if (rest > 0) {
                timer.arm(this, rest);
            } else {
                drain();
            }
        }
    }

    private final class Unheard extends LoopTimer.Timeout {
        @Override
        protected void expired() {
            leave();
        }
    }
}
