package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection that speaks HTTP/1.1 or 1.0 (RFC 9112): one exchange after another. The next request is taken from
 * the input when the exchange before it has ended, so answers leave in the order of the requests.
 *
 * <p>Reading goes on while an answer is under way, so that a client that hangs up is noticed at once; it stops when more
 * waits than {@link Limits#pipelinedBytes()} and nobody takes it. The end of the client's sending counts as hanging up, as
 * it does for other gateways: what only half closes cannot be told from what is gone.
 */
final class Http1ServerConnection extends ChannelInboundHandlerAdapter implements ServerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(Http1ServerConnection.class);
    private static final int DISCARD_MILLIS = 5_000;

    private final ListenerContext context;
    private final Limits limits;
    private final Channel channel;
    private final LoopContext loop;
    private final Peer peer;
    private final long acceptedNanos;
    private final long securedNanos;
    private final Http1Input input;
    private final Http1Output output;
    private final Http1Rest rest;
    private final Waiting waiting = new Waiting();

    private @Nullable Http1Exchange exchange;
    private int requests;
    private long beganNanos;
    private boolean headBegun;
    private boolean last; // no request is taken any more but the one under way
    private boolean closing;
    private boolean processing;
    private boolean scheduled;

    /**
     * @param peer          the client, as far as the connection tells
     * @param acceptedNanos when the connection was accepted
     * @param securedNanos  when its TLS handshake ended; without TLS as {@code acceptedNanos}
     */
    Http1ServerConnection(ListenerContext context, Channel channel, Peer peer, long acceptedNanos, long securedNanos) {
        this.context = requireNonNull(context, "context is null");
        this.channel = requireNonNull(channel, "channel is null");
        this.peer = requireNonNull(peer, "peer is null");
        this.acceptedNanos = acceptedNanos;
        this.securedNanos = securedNanos;
        limits = context.limits();
        loop = context.loops().context(channel.eventLoop());
        input = new Http1Input(limits, loop.scratch(), peer.secure());
        output = new Http1Output(channel, loop, limits);
        rest = new Http1Rest(this, input, loop.timer(), limits);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        loop.timer().armMillis(waiting, limits.idleMillis());
    }

    EventLoop eventLoop() {
        return loop.loop();
    }

    @Override
    public void drain() {
        last = true;
        if (exchange == null && !headBegun && !closing) {
            close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext handler, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (closing || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        input.add(handler.alloc(), bytes);
        process();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext handler) {
        output.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext handler, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            input.end();
            Http1Exchange current = exchange;
            if (current == null || rest.taken(current) || current.tunnel()) {
                process();
                output.flush();
            } else {
                hangUp();
            }
        } else {
            handler.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext handler) {
        hangUp();
        handler.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext handler) {
        hangUp();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.warn("connection of {} failed", peer.connected(), cause);
        }
        hangUp();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        if (exchange != null && exchange.writable()) {
            exchange.listener().writable();
        }
    }

    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            while (!closing && step()) {
                // each step takes something
            }
        } catch (ProtocolViolation violation) {
            fail(violation.refusal());
        } catch (RuntimeException | Error thrown) {
            LOG.error("an exchange of {} failed", peer.connected(), thrown);
            hangUp();
        } finally {
            processing = false;
        }
        if (closing) {
            input.release();
        } else {
            awaitMore();
        }
    }

    /** @return whether there may be more to do */
    private boolean step() throws ProtocolViolation {
        Http1Exchange current = exchange;
        if (current == null) {
            return head();
        }
        if (rest.none() && input.ended() && !current.tunnel()) {
            hangUp();
            return false;
        }
        return rest.step(current);
    }

    private boolean head() throws ProtocolViolation {
        if (!headBegun) {
            beganNanos = loop.time().nanos();
        }
        Http1Request request = input.request();
        if (request != null) {
            begin(request);
            return true;
        }
        if (input.ended()) {
            close();
        } else if (!headBegun && input.headBegun()) {
            headBegun = true;
            loop.timer().armMillis(waiting, limits.headMillis());
        }
        return false;
    }

    private void begin(Http1Request request) throws ProtocolViolation {
        InetAddress client =
                ClientAddress.of(peer.connected().getAddress(), request.head().headers(), context.trustedProxies());
        Peer requester = client.equals(peer.client()) ? peer
                : new Peer(peer.connected(), client, peer.local(), peer.secure(), peer.serverName());
        boolean first = requests++ == 0;
        loop.timer().disarm(waiting);
        headBegun = false;
        rest.begin();
        Http1Exchange begun = new Http1Exchange(
                this, input, output, request, requester, beganNanos, first ? acceptedNanos : beganNanos,
                first ? securedNanos : beganNanos);
        exchange = begun;
        context.handler().handle(begun);
    }

    /** A rule was broken, or a bound passed, before the request was complete. */
    void fail(Refusal reason) {
        Http1Exchange current = exchange;
        if (current == null) {
            refuse(reason);
        } else if (current.ended()) {
            close();
        } else {
            rest.end();
            last = true; // where the next request would begin is lost
            current.listener().requestFailed(reason);
        }
    }

    private void refuse(Refusal reason) {
        String callId = loop.callIds().next();
        Http1Refusal.send(output, reason, callId);
        context.handler().refused(peer, callId, reason);
        close();
    }

    /** Reads on, or lets the client wait; watches the time where it is the client's turn. */
    private void awaitMore() {
        Http1Exchange current = exchange;
        if (current != null) {
            rest.watch(current);
        }
        boolean taken = current == null || rest.taken(current);
        channel.config().setAutoRead(taken || input.readableBytes() < limits.pipelinedBytes());
    }

    void resumed() {
        if (!processing && !scheduled) {
            scheduled = true;
            eventLoop().execute(this::processScheduled);
        }
    }

    private void processScheduled() {
        scheduled = false;
        if (!closing) {
            process();
            output.flush();
        }
    }

    void paused() {
        if (exchange != null) {
            rest.pause(exchange);
        }
        if (!processing && !closing) {
            awaitMore();
        }
    }

    /** Whether another request may follow, as far as is known when the head of the response is sent. */
    boolean mayPersist(Http1Exchange current) {
        return !last && requests < limits.requestsPerConnection() && rest.mayEnd(current);
    }

    /** Has what was sent leave at the end of this turn of the loop. */
    void flushSoon() {
        if (!processing) {
            output.flushSoon();
        }
    }

    /** Bytes of the answer have been sent. */
    void sent(Http1Exchange exchange, int bytes) {
        if (exchange.tunnel()) {
            rest.moved(bytes);
        }
    }

    void tunnelOpened() {
        rest.openTunnel();
        resumed();
    }

    /** Whether {@code candidate} is the exchange under way. */
    boolean current(Http1Exchange candidate) {
        return exchange == candidate;
    }

    void responseEnded(Http1Exchange ending) {
        if (ending.tunnel()) {
            endTunnel();
        } else if (!ending.persistent() || last) {
            close();
        } else if (rest.none() || input.framing().done()) {
            next();
        } else {
            rest.discard();
            loop.timer().armMillis(waiting, DISCARD_MILLIS);
            resumed();
        }
        if (!processing && !closing) {
            output.flush();
        }
    }

    /** The exchange is over, and another may follow. */
    void next() {
        rest.end();
        exchange = null;
        loop.timer().armMillis(waiting, limits.idleMillis());
        if (input.readableBytes() > 0 || input.ended()) {
            resumed();
        } else if (!processing) {
            channel.config().setAutoRead(true);
        }
    }

    private void endTunnel() {
        if (rest.none()) {
            close();
        } else {
            output.flush();
            LingeringClose.shutdownOutput(channel);
        }
    }

    void abort(boolean reset) {
        if (reset) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0); // the end of the connection would mean the end of the body
        }
        closing = true;
        channel.close();
    }

    /** Sends what is left, then closes, so that the client can still read it. */
    void close() {
        closing = true;
        exchange = null;
        loop.timer().disarm(waiting);
        rest.end();
        if (!processing) {
            input.release();
        }
        output.flush();
        output.whenSent(() -> {
            if (input.ended()) {
                channel.close();
            } else {
                LingeringClose.begin(channel, loop.timer());
            }
        });
    }

    /** The client is gone, or we are done with it. */
    void hangUp() {
        Http1Exchange current = exchange;
        closing = true;
        exchange = null;
        if (!processing) {
            input.release();
        }
        output.close();
        loop.timer().disarm(waiting);
        rest.end();
        channel.close();
        if (current != null) {
            current.disconnect();
        }
    }

    /** The time that the client has for what is no exchange: its next request, the rest of a head, of a body to discard. */
    private final class Waiting extends LoopTimer.Timeout {
        @Override
        protected void expired() {
            if (exchange == null && headBegun) {
                refuse(Refusal.of(RefusalCode.REQUEST_TIMEOUT, "The head of the request came too slowly."));
            } else {
                hangUp();
            }
        }
    }
}
