package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** One request on an HTTP/1 connection: chooses the framing of its response (RFC 9112 section 6) and holds it to it. */
final class Http1Exchange implements Exchange {
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private enum Framing {
        UNDECIDED, NONE, LENGTH, CHUNKED, UNTIL_CLOSE, TUNNEL
    }

    private final Http1ServerConnection connection;
    private final Http1Input input;
    private final Http1Output output;
    private final Http1Request request;
    private final Peer peer;
    private final long beganNanos;
    private final long acceptedNanos;
    private final long securedNanos;

    private @Nullable ExchangeListener listener;
    private Framing framing = Framing.UNDECIDED;
    private long remaining;
    private boolean ended;
    private boolean broken;
    private boolean resumed;
    private boolean reading;
    private boolean persistent;

    Http1Exchange(Http1ServerConnection connection, Http1Input input, Http1Output output, Http1Request request,
            Peer peer, long beganNanos, long acceptedNanos, long securedNanos) {
        this.connection = connection;
        this.input = input;
        this.output = output;
        this.request = request;
        this.peer = peer;
        this.beganNanos = beganNanos;
        this.acceptedNanos = acceptedNanos;
        this.securedNanos = securedNanos;
        persistent = request.persistent();
    }

    @Override
    public EventLoop loop() {
        return connection.eventLoop();
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public RequestHead request() {
        return request.head();
    }

    @Override
    public long beganNanos() {
        return beganNanos;
    }

    @Override
    public long acceptedNanos() {
        return acceptedNanos;
    }

    @Override
    public long securedNanos() {
        return securedNanos;
    }

    @Override
    public void listen(ExchangeListener told) {
        listener = requireNonNull(told, "told is null");
    }

    ExchangeListener listener() {
        if (listener == null) {
            throw new IllegalStateException("nobody listens to the exchange");
        }
        return listener;
    }

    @Override
    public void pauseRequest() {
        if (reading) {
            reading = false;
            connection.paused();
        }
    }

    @Override
    public void resumeRequest() {
        if (ended && framing != Framing.TUNNEL || reading) {
            return;
        }
        reading = true;
        if (!resumed) {
            resumed = true;
            if (request.expectsContinue() && framing == Framing.UNDECIDED && !input.bodyBegun()) {
                output.heads().status(100);
                output.head();
                output.flush();
            }
        }
        connection.resumed();
    }

    /** Whether the listener takes the request's body now. */
    boolean reading() {
        return reading;
    }

    /** Whether the client still waits for 100, so that it may never send the body. */
    boolean continuePending() {
        return request.expectsContinue() && !resumed;
    }

    /** Whether the connection outlives this exchange. */
    boolean persistent() {
        return persistent;
    }

    boolean tunnel() {
        return framing == Framing.TUNNEL;
    }

    /** Whether it is a request for a tunnel that may still be opened. */
    boolean mayBecomeTunnel() {
        return request.head().upgrade() != null && framing == Framing.UNDECIDED;
    }

    /** Whether the response is complete, or will never be. */
    boolean ended() {
        return ended;
    }

    /** Whether nothing of the response has been sent. */
    boolean unanswered() {
        return framing == Framing.UNDECIDED && !ended;
    }

    @Override
    public void interim(ResponseHead head) {
        if (unanswered() && request.head().protocol() == Protocol.HTTP_1_1 && head.status() > 99 && head.status() < 200
                && head.status() != SWITCHING_PROTOCOLS) {
            output.heads().status(head.status()).fields(head.headers());
            output.head();
            connection.flushSoon();
        }
    }

    @Override
    public void respond(ResponseHead head, boolean end) {
        if (!unanswered()) {
            return;
        }
        if (head.status() == SWITCHING_PROTOCOLS) {
            openTunnel(head);
            return;
        }
        if (end && head.contentLength() > 0 && !withoutBody(head.status())) {
            breakOff(); // the head promises a body that will not come
            return;
        }
        framing = framing(head, end);
        persistent &= framing != Framing.UNTIL_CLOSE && connection.mayPersist(this);
        HeadWriter heads = output.heads().status(head.status()).fields(head.headers());
        frame(heads, head, end);
        if (!persistent) {
            heads.connection("close");
        } else if (request.head().protocol() == Protocol.HTTP_1_0) {
            heads.connection("keep-alive");
        }
        output.head();
        if (end) {
            complete();
        } else {
            connection.flushSoon();
        }
    }

    private boolean withoutBody(int status) {
        return status == NO_CONTENT || status == NOT_MODIFIED || request.head().method().equals("HEAD");
    }

    private Framing framing(ResponseHead head, boolean end) {
        if (end || withoutBody(head.status())) {
            return Framing.NONE;
        }
        if (head.contentLength() >= 0) {
            return Framing.LENGTH;
        }
        return request.head().protocol() == Protocol.HTTP_1_1 ? Framing.CHUNKED : Framing.UNTIL_CLOSE;
    }

    private void frame(HeadWriter heads, ResponseHead head, boolean end) {
        if (framing == Framing.CHUNKED) {
            heads.chunked();
        } else if (framing == Framing.LENGTH) {
            remaining = head.contentLength();
            heads.contentLength(remaining);
        } else if (withoutBody(head.status())) {
            if (head.status() != NO_CONTENT && head.contentLength() >= 0) {
                heads.contentLength(head.contentLength());
            }
        } else if (end) {
            heads.contentLength(0);
        }
    }

    private void openTunnel(ResponseHead head) {
        String protocol = request.head().upgrade();
        if (protocol == null) {
            breakOff();
            return;
        }
        framing = Framing.TUNNEL;
        persistent = false;
        output.heads().status(SWITCHING_PROTOCOLS).fields(head.headers()).upgrade(protocol);
        output.head();
        connection.flushSoon();
        connection.tunnelOpened();
    }

    @Override
    public void chunk(ByteBuf chunk) {
        int bytes = chunk.readableBytes();
        if (ended || bytes == 0 || framing == Framing.NONE || framing == Framing.UNDECIDED) {
            chunk.release();
            return;
        }
        if (framing == Framing.CHUNKED) {
            output.chunk(chunk);
        } else if (framing == Framing.LENGTH && bytes > remaining) {
            chunk.release();
            breakOff(); // longer than declared
            return;
        } else {
            remaining -= bytes;
            output.data(chunk);
        }
        connection.flushSoon();
        connection.sent(this, bytes);
    }

    @Override
    public void end(Headers trailers) {
        if (ended || framing == Framing.UNDECIDED) {
            return;
        }
        if (framing == Framing.LENGTH && remaining > 0) {
            breakOff(); // shorter than declared
            return;
        }
        if (framing == Framing.CHUNKED) {
            output.lastChunk(permitted(trailers));
        }
        complete();
    }

    private static Headers permitted(Headers trailers) {
        Headers permitted = new Headers(trailers.size());
        for (int i = 0; i < trailers.size(); i++) {
            if (FieldRules.travelsInTrailers(trailers.name(i))) {
                permitted.add(trailers.name(i), trailers.value(i));
            }
        }
        return permitted;
    }

    private void complete() {
        ended = true;
        connection.responseEnded(this);
    }

    @Override
    public boolean writable() {
        return !ended && output.writable();
    }

    @Override
    public void abort() {
        if (!ended) {
            ended = true;
            connection.abort(framing == Framing.UNTIL_CLOSE);
        }
    }

    /** Whoever answers breaks its word, so that the client must not take the answer for whole. */
    private void breakOff() {
        abort();
        broken = true;
    }

    /** The client is gone. */
    void disconnect() {
        if (!ended || broken || framing == Framing.TUNNEL) {
            ended = true;
            broken = false;
            listener().disconnected();
        }
    }
}
