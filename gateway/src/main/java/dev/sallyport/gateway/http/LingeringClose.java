package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * Closes a connection so that the client can still read its last answer: our side is closed first, and what the client still
 * sends is read away, up to a bound, until it closes too. To close at once with bytes unread would reset the connection, and
 * the answer with it (RFC 9112 section 9.6).
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {
    private static final int LINGER_MILLIS = 2_000;
    private static final int DISCARDED_BYTES_MAX = 1024 * 1024;

    private final Channel channel;
    private final LoopTimer timer;
    private final LoopTimer.Timeout timeout = new LoopTimer.Timeout() {
        @Override
        protected void expired() {
            channel.close();
        }
    };
    private int discarded;

    private LingeringClose(Channel channel, LoopTimer timer) {
        this.channel = channel;
        this.timer = timer;
    }

    /** Begins; everything has been flushed. The handlers before get no events any more but those of the channel's end. */
    static void begin(Channel channel, LoopTimer timer) {
        if (!channel.isActive()) {
            return;
        }
        LingeringClose closing = new LingeringClose(channel, timer);
        timer.armMillis(closing.timeout, LINGER_MILLIS);
        SslHandler ssl = channel.pipeline().get(SslHandler.class);
        if (ssl == null) {
            channel.pipeline().addFirst(closing);
        } else {
            channel.pipeline().addAfter(channel.pipeline().context(ssl).name(), null, closing);
        }
        shutdownOutput(channel);
        channel.config().setAutoRead(true);
    }

    /** Tells the client that nothing more will be sent; in TLS by its own means. */
    static void shutdownOutput(Channel channel) {
        SslHandler ssl = channel.pipeline().get(SslHandler.class);
        ChannelFuture shutdown = ssl == null ? ((DuplexChannel) channel).shutdownOutput() : ssl.closeOutbound();
        shutdown.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        discarded += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        ReferenceCountUtil.release(message);
        if (discarded > DISCARDED_BYTES_MAX) {
            channel.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // Ends here: nobody behind reads any more.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            channel.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        timer.disarm(timeout);
        context.fireChannelInactive();
    }
}
