package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection to an endpoint (RFC 9113), over which many attempts go at once: Netty's codec, flow control and
 * stream states, with our own listener on the frames instead of a channel per stream.
 *
 * <p>It is open once the endpoint's SETTINGS have come. What belongs to attempts that are paused does not count against
 * the connection's window, so that a slow reader holds up nobody else; each stream's own window bounds what is kept for it.
 */
final class Http2ClientConnection extends Http2ConnectionHandler implements ClientConnection {
    /** Streams at once, whatever the endpoint allows. */
    static final int STREAMS_MAX = 1_000;
    /** What one stream may send before it was taken. */
    static final int STREAM_WINDOW_BYTES = 262_144;
    /** What may be on its way on the whole connection. */
    static final int CONNECTION_WINDOW_BYTES = 4_194_304;

    private static final float WINDOW_UPDATE_RATIO = 0.5f;
    private static final long ANSWER_TO_PING_MILLIS = 5_000;
    private static final long PING = 0x73616c6c79L;

    private final LoopContext loop;
    private final ClientTarget target;
    private final ClientConnector.Try opening;
    private final Http2Responses responses;
    private final LoopTimer.Timeout pingTimeout = new PingTimeout();
    private @Nullable ClientConnectionListener listener;
    private @Nullable ChannelHandlerContext context;
    private @Nullable String trouble;
    private boolean protocolBroken;
    private boolean draining;
    private boolean closed;
    private boolean reading;
    private boolean readSincePing;
    private boolean flushScheduled;

    private Http2ClientConnection(
            Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings, LoopContext loop,
            ClientTarget target,
            ClientConnector.Try opening) {
        super(decoder, encoder, settings, true);
        this.loop = loop;
        this.target = target;
        this.opening = opening;
        responses = new Http2Responses(this, connection());
        decoder.frameListener(responses);
        connection().addListener(responses);
        connection().remote().flowController().listener(responses);
    }

    static Http2ClientConnection handler(LoopContext loop, Limits limits, ClientTarget target,
            ClientConnector.Try opening) {
        Http2Settings settings = new Http2Settings().pushEnabled(false).initialWindowSize(STREAM_WINDOW_BYTES)
                .maxHeaderListSize(limits.headerBytes());
        Http2Connection connection = new DefaultHttp2Connection(false);
        connection.local().flowController(new DefaultHttp2LocalFlowController(connection, WINDOW_UPDATE_RATIO, true));
        connection.remote().flowController(
                new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        Http2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(
                connection, new DefaultHttp2FrameWriter(Http2RequestFields.NEVER_INDEXED, true));
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                connection, encoder,
                new DefaultHttp2FrameReader(new Http2SectionDecoder(connection, limits, Http2ResponseSection::new),
                        limits.continuations()));
        return new Http2ClientConnection(decoder, encoder, settings, loop, target, opening);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        context = added;
        super.handlerAdded(added);
        if (added.channel().isActive()) {
            widen();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext active) throws Exception {
        super.channelActive(active);
        widen();
    }

    /** The preface is written: opens the connection's window. */
    private void widen() throws Http2Exception {
        decoder().flowController()
                .incrementWindowSize(connection().connectionStream(),
                        CONNECTION_WINDOW_BYTES - decoder().flowController().initialWindowSize());
        flushSoon();
    }

    private ChannelHandlerContext context() {
        return requireNonNull(context, "context is null");
    }

    // The life of the connection.

    void settingsCame() {
        if (listener != null) {
            listener.available(this);
            return;
        }
        listener = opening.opened(this);
        if (listener == null) {
            close();
        }
    }

    @Override
    public Protocol protocol() {
        return Protocol.HTTP_2;
    }

    @Override
    public int capacity() {
        if (draining || !open()) {
            return 0;
        }
        return Math.min(connection().local().maxActiveStreams(), STREAMS_MAX) - connection().local().numActiveStreams();
    }

    @Override
    public boolean open() {
        return !closed && context().channel().isActive();
    }

    @Override
    public boolean idle() {
        return connection().numActiveStreams() == 0;
    }

    @Override
    public void drain() {
        draining = true;
        closeWhenDrained();
    }

    /** The endpoint sent GOAWAY: what it has begun may end. */
    void endpointLeaves() {
        draining = true;
        // The streams that it will not process are closed only after this.
        loop.loop().execute(this::closeWhenDrained);
    }

    void streamClosed() {
        if (draining) {
            closeWhenDrained();
        } else if (!closed && listener != null) {
            listener.available(this);
        }
    }

    private void closeWhenDrained() {
        if (idle() && !closed) {
            closed = true;
            goAway(context(), connection().remote().lastStreamCreated(), Http2Error.NO_ERROR.code(),
                    Unpooled.EMPTY_BUFFER, context().newPromise());
            context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void close() {
        closed = true;
        context().close();
    }

    /** An attempt was given up unanswered: if nothing comes, not even the answer to a ping, the connection is dead. */
    void suspect() {
        if (!pingTimeout.armed() && open()) {
            readSincePing = false;
            encoder().writePing(context(), false, PING, context().newPromise());
            flushSoon();
            loop.timer().armMillis(pingTimeout, ANSWER_TO_PING_MILLIS);
        }
    }

    private final class PingTimeout extends LoopTimer.Timeout {
        @Override
        protected void expired() {
            if (!readSincePing) {
                trouble = "did not answer a ping";
                close();
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext reader, Object message) throws Exception {
        readSincePing = true;
        reading = true;
        super.channelRead(reader, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext reader) throws Exception {
        reading = false;
        super.channelReadComplete(reader);
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) throws Exception {
        closed = true;
        loop.timer().disarm(pingTimeout);
        super.channelInactive(inactive);
        if (listener == null) {
            opening.failed(
                    protocolBroken ? RefusalCode.UPSTREAM_PROTOCOL_ERROR : RefusalCode.UPSTREAM_CONNECT_FAILED,
                    trouble == null ? "closed the connection before it spoke HTTP/2" : trouble);
        } else {
            listener.closed(this);
        }
    }

    @Override
    protected void onStreamError(ChannelHandlerContext erring, boolean outbound, Throwable cause,
            Http2Exception.StreamException error) {
        responses.broken(error.streamId(), String.valueOf(error.getMessage()));
        super.onStreamError(erring, outbound, cause, error);
        flushSoon();
    }

    @Override
    protected void onConnectionError(ChannelHandlerContext erring, boolean outbound, Throwable cause,
            @Nullable Http2Exception error) {
        if (trouble == null) {
            trouble = String.valueOf(cause.getMessage());
            protocolBroken = !outbound && error != null;
        }
        draining = true;
        super.onConnectionError(erring, outbound, cause, error);
        erring.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) throws Exception {
        if (Http2Exception.class.isInstance(cause) || Http2Exception.class.isInstance(cause.getCause())) {
            super.exceptionCaught(caught, cause);
        } else {
            trouble = String.valueOf(cause.getMessage());
            caught.close();
        }
    }

    /** The stream of {@code attempt} is closed: unless it was complete, the connection's trouble is why. */
    void failByTrouble(Http2Attempt attempt) {
        RefusalCode code = protocolBroken ? RefusalCode.UPSTREAM_PROTOCOL_ERROR : RefusalCode.UPSTREAM_RESET;
        attempt.fail(code, trouble == null ? "closed the connection" : trouble, false);
    }

    AttemptFailure failure(RefusalCode code, String reason, boolean unprocessed) {
        return new AttemptFailure(code, target.name() + ": " + reason, unprocessed);
    }

    // What attempts do.

    @Override
    public Attempt send(RequestHead head, boolean end, AttemptListener attemptListener) {
        Http2Attempt attempt = new Http2Attempt(this, attemptListener, head, end);
        if (head.upgrade() != null) {
            attempt.fail(RefusalCode.NOT_IMPLEMENTED, "tunnels need HTTP/1.1", true);
            return attempt;
        }
        int streamId = capacity() <= 0 ? -1 : connection().local().incrementAndGetNextStreamId();
        if (streamId < 0) {
            drain();
            attempt.fail(RefusalCode.UPSTREAM_RESET, "the connection takes no more requests", true);
            return attempt;
        }
        Http2RequestFields fields = Http2RequestFields.head(head, target.tls() == null ? "http" : "https");
        encoder().writeHeaders(context(), streamId, fields, 0, end, context().newPromise());
        Http2Stream stream = connection().stream(streamId);
        if (stream == null) {
            attempt.fail(RefusalCode.UPSTREAM_RESET, "the request could not be sent", true);
            return attempt;
        }
        responses.bind(stream, attempt);
        flushSoon();
        return attempt;
    }

    /** Takes ownership of {@code data}. */
    void writeData(Http2Stream stream, ByteBuf data, boolean end) {
        encoder().writeData(context(), stream.id(), data, 0, end, context().newPromise());
        flushSoon();
    }

    void writeTrailers(Http2Stream stream, Headers trailers) {
        encoder().writeHeaders(context(), stream.id(), Http2RequestFields.trailers(trailers), 0, true,
                context().newPromise());
        flushSoon();
    }

    boolean writable(Http2Stream stream) {
        return encoder().flowController().isWritable(stream);
    }

    void reset(Http2Stream stream, Http2Error error) {
        resetStream(context(), stream.id(), error.code(), context().newPromise());
        flushSoon();
    }

    void acknowledge(Http2Stream stream, int bytes) {
        try {
            if (decoder().flowController().consumeBytes(stream, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception e) {
            onError(context(), false, e);
        }
    }

    /** Flushes once for what one turn of the loop, or one read, brings. */
    private void flushSoon() {
        if (!reading && !flushScheduled) {
            flushScheduled = true;
            loop.loop().execute(() -> {
                flushScheduled = false;
                flush(context());
            });
        }
    }
}
