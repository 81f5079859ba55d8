package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * One stream of HTTP/2 as an exchange (RFC 9113 section 8.1). What the client's windows do not let through waits in Netty's
 * flow controller, and {@link #writable} is false meanwhile.
 */
final class Http2Exchange implements Exchange {
    private static final int CONTINUE = 100;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final Headers NO_FIELDS = new Headers(0);

    private final Http2ServerConnection connection;
    private final Http2Stream stream;
    private final Peer peer;
    private final RequestHead request;
    private final Http2RequestBody body;
    private final BodyPace pace;
    private final long beganNanos;
    private final long acceptedNanos;
    private final long securedNanos;

    private @Nullable ExchangeListener listener;
    private @Nullable WindowStall windowStall;
    private boolean continueAwaited;
    private boolean responded;
    private boolean ended;
    private boolean closed;
    private boolean broken;
    private boolean bodiless;
    private boolean tunnel;
    private long declared = RequestHead.UNKNOWN_LENGTH;
    private long sent;

    /**
     * @param declared         what {@code Content-Length} says, or {@link RequestHead#UNKNOWN_LENGTH}
     * @param ended            whether the request is complete with its head
     * @param continueAwaited  whether the client waits for 100 before it sends the body
     */
    Http2Exchange(
            Http2ServerConnection connection, Http2Stream stream, Peer peer, RequestHead request, long declared,
            boolean ended, boolean continueAwaited,
            long beganNanos, boolean first) {
        this.connection = connection;
        this.stream = stream;
        this.peer = peer;
        this.request = request;
        this.continueAwaited = continueAwaited && !ended;
        this.beganNanos = beganNanos;
        acceptedNanos = first ? connection.acceptedNanos() : beganNanos;
        securedNanos = first ? connection.securedNanos() : beganNanos;
        LoopTimer timer = connection.loopContext().timer();
        pace = new BodyPace(timer, connection.limits(), this::tooSlow);
        if (request.upgrade() != null || request.isGrpc()) {
            pace.relax();
        }
        body = new Http2RequestBody(connection, stream, declared, pace, ended);
    }

    @Override
    public EventLoop loop() {
        return connection.loopContext().loop();
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public RequestHead request() {
        return request;
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
    public void listen(ExchangeListener named) {
        listener = named;
        body.listener(named);
    }

    @Override
    public void pauseRequest() {
        body.pause();
    }

    @Override
    public void resumeRequest() {
        if (closed || ended) {
            return;
        }
        if (continueAwaited) {
            continueAwaited = false;
            if (!responded) {
                connection.writeHeaders(stream, new Http2ResponseFields(CONTINUE, -1, NO_FIELDS), false);
            }
        }
        body.resume();
    }

    @Override
    public void interim(ResponseHead head) {
        if (!closed && !responded && head.status() != SWITCHING_PROTOCOLS) {
            continueAwaited &= head.status() != CONTINUE;
            connection.writeHeaders(stream, new Http2ResponseFields(head.status(), -1, head.headers()), false);
        }
    }

    @Override
    public void respond(ResponseHead head, boolean end) {
        if (closed || responded) {
            return;
        }
        responded = true;
        tunnel = head.status() == SWITCHING_PROTOCOLS && request.upgrade() != null;
        int status = tunnel ? 200 : head.status();
        bodiless = request.method().equals("HEAD") || status == 204 || status == 304;
        declared = tunnel || status == 204 ? RequestHead.UNKNOWN_LENGTH : head.contentLength();
        if (end && !bodiless && declared > 0) {
            fail();
            return;
        }
        ChannelFuture written =
                connection.writeHeaders(stream, new Http2ResponseFields(status, declared, head.headers()), end);
        if (end) {
            finish(written);
        } else {
            pace.relax();
        }
    }

    @Override
    public void chunk(ByteBuf chunk) {
        int bytes = chunk.readableBytes();
        if (closed || ended || !responded || bodiless || bytes == 0) {
            chunk.release();
            return;
        }
        sent += bytes;
        if (declared >= 0 && sent > declared) {
            chunk.release();
            fail();
            return;
        }
        if (!body.ended()) {
            pace.received(0);
        }
        connection.writeData(stream, chunk, false);
        watchWindow();
    }

    @Override
    public void end(Headers trailers) {
        if (closed || ended || !responded) {
            return;
        }
        if (!bodiless && sent < declared) {
            fail();
            return;
        }
        finish(trailers.isEmpty()
                ? connection.writeData(stream, Unpooled.EMPTY_BUFFER, true)
                : connection.writeHeaders(stream, new Http2ResponseFields(trailers), true));
    }

    private void finish(ChannelFuture last) {
        ended = true;
        body.stop();
        if (!body.ended() && !broken) {
            connection.resetAfter(last, stream);
        }
    }

    @Override
    public boolean writable() {
        return !closed && connection.writable(stream);
    }

    @Override
    public void abort() {
        if (!closed && !ended) {
            close();
            connection.reset(stream, Http2Error.INTERNAL_ERROR);
        }
    }

    /** What we were given to send is not as long as was declared: nobody may take it for whole. */
    private void fail() {
        abort();
        if (listener != null) {
            listener.disconnected();
        }
    }

    /** @return how many bytes, with the padding, are done with */
    int data(ByteBuf data, int padding, boolean end) throws Http2Exception {
        return body.data(data, padding, end);
    }

    void trailers(Headers section) throws Http2Exception {
        body.trailers(section);
    }

    void windowGranted(int bytes) {
        if (windowStall != null) {
            windowStall.granted(bytes);
        }
    }

    void writabilityChanged() {
        if (!closed && !ended && responded && listener != null && connection.writable(stream)) {
            listener.writable();
        }
    }

    private void tooSlow() {
        if (responded) {
            gone(Http2Error.CANCEL);
            return;
        }
        body.stop();
        if (listener != null) {
            listener.requestFailed(Refusal.of(RefusalCode.REQUEST_TIMEOUT, "The body came too slowly."));
        }
    }

    void dataArrives() {
        pace.received(0);
    }

    /**
     * The stream is about to be reset because the client broke a rule; what it can still be told, it is told before.
     *
     * @return whether it was
     */
    boolean broken(Refusal reason) {
        if (closed || ended) {
            return false;
        }
        broken = true;
        body.stop();
        if (listener != null) {
            listener.requestFailed(reason);
        }
        if (!ended) {
            gone();
        }
        return ended;
    }

    private void gone(Http2Error reason) {
        if (!closed) {
            boolean told = ended;
            close();
            connection.reset(stream, reason);
            if (!told && listener != null) {
                listener.disconnected();
            }
        }
    }

    /** The stream is closed, by whomever. */
    void gone() {
        if (!closed) {
            close();
            if (!ended && listener != null) {
                listener.disconnected();
            }
        }
    }

    private void close() {
        closed = true;
        body.stop();
        if (windowStall != null) {
            connection.loopContext().timer().disarm(windowStall);
        }
    }

    /** A client that opens no window for its answer is not waited for without end. */
    private void watchWindow() {
        if (!connection.sendable(stream) && (windowStall == null || !windowStall.armed())) {
            windowStall = new WindowStall();
            windowStall.watch();
        }
    }

    private final class WindowStall extends LoopTimer.Timeout {
        private long granted;
        private long takenBefore;

        void watch() {
            takenBefore = granted - connection.window(stream);
            connection.loopContext().timer().armMillis(this, connection.limits().writeStallMillis());
        }

        void granted(int bytes) {
            granted += bytes;
        }

        @Override
        protected void expired() {
            if (closed || connection.sendable(stream)) {
                return;
            }
            if (granted - connection.window(stream) != takenBefore) {
                watch();
            } else {
                gone(Http2Error.CANCEL);
            }
        }
    }
}
