package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection of HTTP/2 (RFC 9113): Netty's codec, flow control and stream states, with our own listener on the
 * frames instead of a channel per stream. Writes are flushed once per read cycle, or once per turn of the loop.
 */
final class Http2ServerConnection extends Http2ConnectionHandler implements ServerConnection {
    /** What one stream may send before we have taken it. */
    static final int STREAM_WINDOW_BYTES = 131_072;
    /** What all streams of a connection together may send before we have taken it; some paused ones do not block the others. */
    static final int CONNECTION_WINDOW_BYTES = 2_097_152;

    private static final Logger LOG = LoggerFactory.getLogger(Http2ServerConnection.class);
    private static final long CLOSE_MILLIS = 1_000;
    /** How much may wait for a flush, whatever the client's windows are. */
    private static final int UNFLUSHED_BYTES_MAX = 131_072;

    private final LoopContext loop;
    private final Limits limits;
    private final FrameGuard guard;
    private final ClosedStreams closed;
    private final Http2Requests requests;
    private final Http2Closing closing;
    private final long acceptedNanos;
    private final long securedNanos;
    private final LoopTimer.Timeout headTimeout = new HeadTimeout();
    private final WriteStall writeStall;

    private @Nullable ChannelHandlerContext context;
    private long readNanos;
    private boolean reading;
    private boolean flushScheduled;
    private int unflushedBytes;
    private boolean flushAwaited;

    private Http2ServerConnection(
            Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings, FrameGuard guard,
            ClosedStreams closed,
            ListenerContext listener, LoopContext loop, Peer peer, long acceptedNanos, long securedNanos) {
        super(decoder, encoder, settings, true);
        this.loop = loop;
        limits = listener.limits();
        this.guard = guard;
        this.closed = closed;
        this.acceptedNanos = acceptedNanos;
        this.securedNanos = securedNanos;
        requests = new Http2Requests(this, listener, peer);
        closing = new Http2Closing(this);
        writeStall = new WriteStall(loop.timer(), limits.writeStallMillis());
        decoder.frameListener(requests);
        connection().addListener(requests);
        connection().remote().flowController().listener(requests);
        gracefulShutdownTimeoutMillis(CLOSE_MILLIS);
    }

    /**
     * A handler for a connection whose first bytes are, or will be, the client's preface.
     *
     * @param acceptedNanos when the connection was accepted
     * @param securedNanos  when the TLS handshake ended; {@code acceptedNanos} without TLS
     */
    static Http2ServerConnection of(ListenerContext listener, LoopContext loop, Peer peer, long acceptedNanos,
            long securedNanos) {
        Limits limits = listener.limits();
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(limits.streams())
                .initialWindowSize(STREAM_WINDOW_BYTES)
                .maxHeaderListSize(limits.headerBytes())
                .connectProtocolEnabled(true);
        Http2Connection connection = new DefaultHttp2Connection(true);
        // Counts from the first stream on: a client that never acknowledges our settings is bound by them too.
        connection.remote().maxActiveStreams(limits.streams());
        connection.remote().flowController(
                new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        ClosedStreams closed = new ClosedStreams(connection);
        FrameGuard guard = new FrameGuard(
                new DefaultHttp2FrameReader(new Http2SectionDecoder(connection, limits, Http2Section::new),
                        Integer.MAX_VALUE),
                closed,
                limits, loop.time());
        Http2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(
                connection,
                new ProgressWriter(new DefaultHttp2FrameWriter(Http2ResponseFields.NEVER_INDEXED, true), guard));
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(connection, encoder, guard);
        return new Http2ServerConnection(decoder, encoder, settings, guard, closed, listener, loop, peer, acceptedNanos,
                securedNanos);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        readNanos = loop.time().nanos();
        super.handlerAdded(ctx);
        decoder().flowController().incrementWindowSize(connection().connectionStream(),
                CONNECTION_WINDOW_BYTES - decoder().flowController().initialWindowSize());
        closing.begin();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        readNanos = loop.time().nanos();
        reading = true;
        super.channelRead(ctx, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (guard.headIncomplete()) {
            if (!headTimeout.armed()) {
                loop.timer().armMillis(headTimeout, limits.headMillis());
            }
        } else {
            loop.timer().disarm(headTimeout);
        }
        if (guard.dataIncomplete() != 0) {
            requests.dataArrives(guard.dataIncomplete());
        }
        // What the flush itself brings about, such as a reset behind a response, is flushed by another.
        reading = false;
        super.channelReadComplete(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        loop.timer().disarm(headTimeout);
        loop.timer().disarm(writeStall);
        closing.end();
        super.channelInactive(ctx);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        unflushedBytes = 0;
        super.flush(ctx);
        writeStall.watch(ctx.channel());
        if (flushAwaited) {
            flushAwaited = false;
            requests.flushed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof Http2Exception || cause.getCause() instanceof Http2Exception) {
            super.exceptionCaught(ctx, cause);
        } else {
            LOG.debug("connection of {} broke off", ctx.channel().remoteAddress(), cause);
            ctx.close();
        }
    }

    @Override
    protected void onStreamError(ChannelHandlerContext ctx, boolean outbound, Throwable cause,
            Http2Exception.StreamException error) {
        if (outbound) {
            Http2Stream stream = connection().stream(error.streamId());
            if (stream == null || stream.state() == Http2Stream.State.CLOSED) {
                // What waited to be written when the stream was closed.
                return;
            }
            super.onStreamError(ctx, true, cause, error);
            return;
        }
        if (requests.broken(error.streamId(), String.valueOf(error.getMessage()))) {
            flush(ctx);
        }
        super.onStreamError(ctx, false, cause, error);
        try {
            guard.resetProvoked();
        } catch (Http2Exception flood) {
            onError(ctx, false, flood);
        }
    }

    @Override
    protected void onConnectionError(ChannelHandlerContext ctx, boolean outbound, Throwable cause,
            @Nullable Http2Exception error) {
        if (error != null && error.error() != Http2Error.INTERNAL_ERROR) {
            LOG.debug("connection of {} is closed: {}", ctx.channel().remoteAddress(), cause.getMessage());
            super.onConnectionError(ctx, outbound, cause, error);
            return;
        }
        if (cause instanceof IOException) {
            // The client is gone, or its socket broke.
            LOG.debug("connection of {} broke off", ctx.channel().remoteAddress(), cause);
            ctx.close();
            return;
        }
        // The client reads the message of the error, so it must not be ours.
        LOG.error("connection of {} failed", ctx.channel().remoteAddress(), cause);
        super.onConnectionError(ctx, outbound, cause,
                Http2Exception.connectionError(Http2Error.INTERNAL_ERROR, "internal error"));
    }

    @Override
    public ChannelFuture resetStream(ChannelHandlerContext ctx, int streamId, long error, ChannelPromise promise) {
        closed.resetByUs(streamId);
        return super.resetStream(ctx, streamId, error, promise);
    }

    @Override
    public void drain() {
        closing.drain();
    }

    LoopContext loopContext() {
        return loop;
    }

    Limits limits() {
        return limits;
    }

    long acceptedNanos() {
        return acceptedNanos;
    }

    long securedNanos() {
        return securedNanos;
    }

    /** When the bytes came that are being read. */
    long readNanos() {
        return readNanos;
    }

    ByteBufAllocator allocator() {
        return context().alloc();
    }

    @Nullable
    Http2Stream stream(int streamId) {
        return connection().stream(streamId);
    }

    void pingAnswered(long data) {
        closing.pingAnswered(data);
    }

    void clientLeaves() {
        closing.clientLeaves();
    }

    void streamClosed() {
        closing.streamClosed();
    }

    ChannelFuture writeHeaders(Http2Stream stream, Http2Headers headers, boolean end) {
        flushSoon();
        return encoder().writeHeaders(context(), stream.id(), headers, 0, end, context().newPromise());
    }

    /** Takes ownership of {@code data}. */
    ChannelFuture writeData(Http2Stream stream, ByteBuf data, boolean end) {
        unflushedBytes += data.readableBytes();
        flushSoon();
        return encoder().writeData(context(), stream.id(), data, 0, end, context().newPromise());
    }

    /** Once {@code last} is written, the rest of the request is not wanted any more (RFC 9113 section 8.1). */
    void resetAfter(ChannelFuture last, Http2Stream stream) {
        last.addListener(_ -> {
            if (stream.state() != Http2Stream.State.CLOSED) {
                reset(stream, Http2Error.NO_ERROR);
            }
        });
    }

    void reset(Http2Stream stream, Http2Error error) {
        encoder().writeRstStream(context(), stream.id(), error.code(), context().newPromise());
        flushSoon();
    }

    /** {@code bytes} of the stream's body were taken: the client may send as many more. */
    void consume(Http2Stream stream, int bytes) {
        try {
            if (decoder().flowController().consumeBytes(stream, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception e) {
            onError(context(), false, e);
        }
    }

    boolean writable(Http2Stream stream) {
        if (unflushedBytes >= UNFLUSHED_BYTES_MAX) {
            flushAwaited = true;
            return false;
        }
        return sendable(stream);
    }

    /** Whether the client's windows and the socket let more through than waits already. */
    boolean sendable(Http2Stream stream) {
        return encoder().flowController().isWritable(stream);
    }

    /** How many bytes the client lets us send on the stream. */
    int window(Http2Stream stream) {
        return encoder().flowController().windowSize(stream);
    }

    void flushSoon() {
        if (!reading && !flushScheduled) {
            flushScheduled = true;
            loop.loop().execute(() -> {
                flushScheduled = false;
                flush(context());
            });
        }
    }

    ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return context;
    }

    void goAway(int lastStream) {
        goAway(context(), lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, context().newPromise());
        flushSoon();
    }

    void ping(long data) {
        encoder().writePing(context(), false, data, context().newPromise());
        flushSoon();
    }

    /** The last stream that the client has opened; 0 when there was none. */
    int lastStream() {
        return connection().remote().lastStreamCreated();
    }

    int activeStreams() {
        return connection().numActiveStreams();
    }

    void closeAfterFlush() {
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private final class HeadTimeout extends LoopTimer.Timeout {
        @Override
        protected void expired() {
            requests.headTooSlow();
            onError(context(), false, Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM,
                    "a header section took longer than %d ms", limits.headMillis()));
        }
    }
}
