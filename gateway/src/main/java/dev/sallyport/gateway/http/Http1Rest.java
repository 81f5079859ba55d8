package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What follows the head of the request under way: its body or a tunnel's bytes, handed to the exchange or read away, at a pace that is watched. */
final class Http1Rest {
    private static final int DISCARDED_BYTES_MAX = 64 * 1024;

    /** What is to become of it. */
    private enum State {
        /** It goes to the exchange. */
        WANTED,
        /** It is read away, because the answer is complete without it. */
        UNWANTED,
        /** It has come whole, or what comes can no longer be told from noise. */
        NONE
    }

    private final Http1ServerConnection connection;
    private final Http1Input input;
    private final LoopTimer timer;
    private final Limits limits;

    private State state = State.NONE;
    private @Nullable BodyPace pace;
    private int discarded;

    Http1Rest(Http1ServerConnection connection, Http1Input input, LoopTimer timer, Limits limits) {
        this.connection = connection;
        this.input = input;
        this.timer = timer;
        this.limits = limits;
    }

    /** A head has been read. */
    void begin() {
        state = State.WANTED;
    }

    /** Nothing more of it is taken. */
    void end() {
        state = State.NONE;
        if (pace != null) {
            pace.pause();
            pace = null;
        }
    }

    /** The answer is complete: whatever still comes is read away. */
    void discard() {
        end();
        state = State.UNWANTED;
        discarded = 0;
    }

    boolean none() {
        return state == State.NONE;
    }

    /** Whether bytes are taken as they come. */
    boolean taken(Http1Exchange exchange) {
        return state == State.UNWANTED || state == State.WANTED && exchange.reading();
    }

    /** Whether the connection can go on behind it, as far as is known when the head of the answer is sent. */
    boolean mayEnd(Http1Exchange exchange) {
        return state == State.NONE || exchange.reading()
                || !exchange.continuePending() && input.framing().mayEndWithin(DISCARDED_BYTES_MAX);
    }

    /** @return whether there may be more to do */
    boolean step(Http1Exchange exchange) throws ProtocolViolation {
        return switch (state) {
            case WANTED -> exchange.reading() && (exchange.tunnel() ? tunnelBytes(exchange) : bodyBytes(exchange));
            case UNWANTED -> discardBytes();
            case NONE -> false;
        };
    }

    private boolean bodyBytes(Http1Exchange exchange) throws ProtocolViolation {
        if (exchange.request().upgrade() != null) {
            return false; // what follows belongs to the tunnel, or to nobody
        }
        ByteBuf chunk = input.body();
        if (chunk != null) {
            if (pace != null) {
                pace.received(chunk.readableBytes());
            }
            exchange.listener().requestChunk(chunk);
        }
        if (input.framing().done() && state == State.WANTED && connection.current(exchange)) {
            end();
            exchange.listener().requestEnd(input.framing().trailers());
            return true;
        }
        if (chunk == null && input.ended() && state == State.WANTED && connection.current(exchange)) {
            connection.fail(Refusal.of(RefusalCode.MALFORMED_REQUEST, "The request ended within its body."));
        }
        return chunk != null;
    }

    private boolean discardBytes() throws ProtocolViolation {
        ByteBuf chunk = input.body();
        if (chunk != null) {
            discarded += chunk.readableBytes();
            chunk.release();
        }
        if (input.framing().done()) {
            end();
            connection.next();
            return true;
        }
        if (discarded > DISCARDED_BYTES_MAX || chunk == null && input.ended()) {
            connection.close();
        }
        return chunk != null;
    }

    private boolean tunnelBytes(Http1Exchange exchange) {
        ByteBuf bytes = input.all();
        if (bytes != null) {
            moved(bytes.readableBytes());
            exchange.listener().requestChunk(bytes);
            return true;
        }
        if (input.ended()) {
            state = State.NONE;
            exchange.listener().requestEnd(new Headers(0));
            if (exchange.ended()) {
                connection.close();
            }
        }
        return false;
    }

    /** Watches the pace of a body while it is the client's turn. */
    void watch(Http1Exchange exchange) {
        if (state != State.WANTED || !exchange.reading() || exchange.request().upgrade() != null) {
            return;
        }
        if (pace == null) {
            pace = new BodyPace(timer, limits, () -> {
                pace = null;
                connection.fail(input.framing().tooSlow());
            });
        }
        pace.start();
    }

    /** The exchange takes nothing now, which is not held against the client. */
    void pause(Http1Exchange exchange) {
        if (pace != null && !exchange.tunnel()) {
            pace.pause();
        }
    }

    /** From now on either side may be silent for long, but not for ever. */
    void openTunnel() {
        pace = new BodyPace(timer, limits, connection::hangUp);
        pace.relax();
        pace.start();
    }

    /** Bytes have moved in a tunnel, either way. */
    void moved(int bytes) {
        if (pace != null) {
            pace.received(bytes);
        }
    }
}
