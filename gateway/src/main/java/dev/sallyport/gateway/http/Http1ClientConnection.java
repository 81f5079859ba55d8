package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to an endpoint: at most one attempt at a time, and the strict reading of its answer (RFC 9112).
 *
 * <p>Nothing that breaks framing is passed on as good: the attempt fails and the connection closes. A connection is free
 * again only when request and response are both complete to the byte; whatever comes on a free one closes it.
 */
final class Http1ClientConnection extends ChannelInboundHandlerAdapter implements ClientConnection {
    private static final int INTERIM_MAX = 32;
    private static final int SWITCHING_PROTOCOLS = 101;

    /** What the next byte from the endpoint belongs to. */
    private enum Reading {
        NOTHING, HEAD, COUNTED_BODY, CHUNKED_BODY, BODY_UNTIL_CLOSE, TUNNEL, CLOSED
    }

    private final LoopContext loop;
    private final Limits limits;
    private final ClientTarget target;
    private final ClientConnector.Try opening;
    private final ResponseParser parser;
    private final HeadWriter writer;
    private @Nullable ClientConnectionListener listener;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ChunkedDecoder chunks;
    private @Nullable Http1Attempt attempt;
    private @Nullable ByteBuf unread;
    private @Nullable Throwable trouble;
    private Reading reading = Reading.NOTHING;
    private long bodyLeft;
    private int interims;
    private boolean answered;
    private boolean keepAlive;
    private boolean closeNotified;
    private boolean draining;

    Http1ClientConnection(LoopContext loop, Limits limits, ClientTarget target, ClientConnector.Try opening) {
        this.loop = loop;
        this.limits = limits;
        this.target = target;
        this.opening = opening;
        parser = new ResponseParser(limits, loop.scratch());
        writer = new HeadWriter(loop.scratch());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        if (added.channel().isActive()) {
            ready();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        ready();
    }

    private void ready() {
        listener = opening.opened(this);
        if (listener == null) {
            close();
        }
    }

    LoopContext loop() {
        return loop;
    }

    HeadWriter writer() {
        return writer;
    }

    ChannelHandlerContext context() {
        return requireNonNull(context, "context is null");
    }

    @Override
    public Protocol protocol() {
        return Protocol.HTTP_1_1;
    }

    @Override
    public Attempt send(RequestHead head, boolean end, AttemptListener attemptListener) {
        Http1Attempt begun = new Http1Attempt(this, attemptListener, head);
        if (capacity() == 0) {
            begun.fail(new AttemptFailure(RefusalCode.UPSTREAM_RESET,
                    target.name() + ": the connection was closed before the request was sent", true));
            return begun;
        }
        attempt = begun;
        reading = Reading.HEAD;
        interims = 0;
        answered = false;
        begun.sendHead(end);
        return begun;
    }

    @Override
    public int capacity() {
        return reading == Reading.NOTHING && !draining && open() ? 1 : 0;
    }

    @Override
    public boolean open() {
        return reading != Reading.CLOSED && context().channel().isActive();
    }

    @Override
    public boolean idle() {
        return attempt == null;
    }

    @Override
    public void drain() {
        draining = true;
        if (idle()) {
            close();
        }
    }

    @Override
    public void close() {
        reading = Reading.CLOSED;
        context().close();
    }

    /** {@code given} has given up: what is under way on the connection cannot be finished. */
    void cancelled(Http1Attempt given) {
        if (attempt == given) {
            attempt = null;
            close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext reader, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (unread != null) {
            in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(reader.alloc(), unread, in);
            unread = null;
        }
        try {
            if (!read(in)) {
                return;
            }
        } catch (ProtocolViolation violation) {
            fail(RefusalCode.UPSTREAM_PROTOCOL_ERROR, violation.detail());
        }
        if (in.isReadable() && reading != Reading.CLOSED) {
            unread = in;
        } else {
            in.release();
        }
    }

    /** Reads what {@code in} holds; returns whether the caller still owns it. */
    private boolean read(ByteBuf in) throws ProtocolViolation {
        while (in.isReadable()) {
            switch (reading) {
                case NOTHING -> close();
                case HEAD -> {
                    if (!parser.parse(in)) {
                        return true;
                    }
                    head(in);
                }
                case COUNTED_BODY -> {
                    int length = (int) Math.min(bodyLeft, in.readableBytes());
                    bodyLeft -= length;
                    boolean whole = length == in.readableBytes();
                    deliver(whole ? in : in.readRetainedSlice(length));
                    if (bodyLeft == 0) {
                        complete(new Headers(0), whole);
                    }
                    if (whole) {
                        return false;
                    }
                }
                case CHUNKED_BODY -> {
                    ChunkedDecoder decoder = requireNonNull(chunks, "chunks is null");
                    ByteBuf data = decoder.next(in);
                    if (data != null) {
                        deliver(data);
                    } else if (decoder.done()) {
                        complete(decoder.trailers(), !in.isReadable());
                    } else {
                        return true;
                    }
                }
                case BODY_UNTIL_CLOSE, TUNNEL -> {
                    deliver(in);
                    return false;
                }
                case CLOSED -> {
                    return true;
                }
            }
        }
        return true;
    }

    private void deliver(ByteBuf data) {
        if (attempt == null) {
            data.release();
        } else {
            attempt.listener().responseChunk(data);
        }
    }

    private void head(ByteBuf in) throws ProtocolViolation {
        Http1Attempt current = requireNonNull(attempt, "attempt is null");
        FieldSection fields = parser.fields();
        int status = parser.status();
        if (status == SWITCHING_PROTOCOLS) {
            current.requireAgreed(fields);
            reading = Reading.TUNNEL;
            answered = true;
            current.tunnelOpen();
            current.listener().response(new ResponseHead(status, fields.headers(), RequestHead.UNKNOWN_LENGTH), false);
            return;
        }
        if (status < 200) {
            if (++interims > INTERIM_MAX) {
                throw ProtocolViolation
                        .malformed("The upstream sends more than " + INTERIM_MAX + " interim responses.");
            }
            current.listener().interim(new ResponseHead(status, fields.headers(), RequestHead.UNKNOWN_LENGTH));
            return;
        }
        answered = true;
        keepAlive = parser.protocol() == Protocol.HTTP_1_1 ? !fields.close() : fields.keepAlive() && !fields.close();
        long length = BodyLength.ofResponse(fields, parser.protocol(), status, current.toHead());
        long declared =
                fields.contentLength() == null ? RequestHead.UNKNOWN_LENGTH : BodyLength.parse(fields.contentLength());
        ResponseHead head = new ResponseHead(status, fields.headers(), declared);
        if (length == 0) {
            finish(current, !in.isReadable());
            current.listener().response(head, true);
            return;
        }
        if (length == BodyLength.CHUNKED) {
            if (chunks == null) {
                chunks = new ChunkedDecoder(limits, loop.scratch());
            }
            chunks.begin();
            reading = Reading.CHUNKED_BODY;
        } else if (length == BodyLength.UNTIL_CLOSE) {
            reading = Reading.BODY_UNTIL_CLOSE;
        } else {
            bodyLeft = length;
            reading = Reading.COUNTED_BODY;
        }
        current.listener().response(head, false);
    }

    private void complete(Headers trailers, boolean exact) {
        Http1Attempt current = attempt;
        if (current != null) {
            finish(current, exact);
            current.listener().responseEnd(trailers);
        }
    }

    /**
     * The response is complete: frees the connection for the next attempt, before whoever waits for this one learns of it.
     *
     * @param exact whether nothing came behind the response
     */
    private void finish(Http1Attempt current, boolean exact) {
        attempt = null;
        current.over();
        if (keepAlive && exact && current.requestEnded() && !draining && open()) {
            reading = Reading.NOTHING;
            resumeReading();
            if (listener != null) {
                listener.available(this);
            }
        } else {
            close();
        }
    }

    void pauseReading() {
        context().channel().config().setAutoRead(false);
    }

    void resumeReading() {
        Channel channel = context().channel();
        if (!channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    private void fail(RefusalCode code, String detail) {
        Http1Attempt failed = attempt;
        attempt = null;
        close();
        if (failed != null) {
            failed.fail(new AttemptFailure(code, target.name() + ": " + detail, false));
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        if (attempt != null && changed.channel().isWritable()) {
            attempt.listener().writable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext triggered, Object event) {
        if (event instanceof SslCloseCompletionEvent completion && completion.isSuccess()) {
            closeNotified = true;
        }
    }

    /** A failed write is no end yet: the endpoint may have answered before it closed, so reading goes on to the end of the stream. */
    @Override
    public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
        if (trouble == null) {
            trouble = cause;
        }
        if (!(cause instanceof IOException) || cause instanceof SSLException) {
            caught.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        if (unread != null) {
            unread.release();
            unread = null;
        }
        Http1Attempt current = attempt;
        if (current != null) {
            endOfStream(current);
        }
        reading = Reading.CLOSED;
        if (listener != null) {
            listener.closed(this);
        }
    }

    private void endOfStream(Http1Attempt current) {
        boolean untruncated = trouble == null && (closeNotified || context().pipeline().get(SslHandler.class) == null);
        if (reading == Reading.TUNNEL && trouble == null || reading == Reading.BODY_UNTIL_CLOSE && untruncated) {
            complete(new Headers(0), true);
        } else if (!answered && tlsTrouble()) {
            fail(RefusalCode.UPSTREAM_TLS_FAILED, String.valueOf(trouble));
        } else {
            String reason = trouble == null ? "closed the connection" : String.valueOf(trouble.getMessage());
            fail(RefusalCode.UPSTREAM_RESET,
                    reason + (answered ? " before the response was complete" : " before it answered"));
        }
    }

    private boolean tlsTrouble() {
        return trouble instanceof SSLException || trouble != null && trouble.getCause() instanceof SSLException;
    }
}
