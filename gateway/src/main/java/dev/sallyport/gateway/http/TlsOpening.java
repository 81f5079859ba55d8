package dev.sallyport.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the name that a client asks for (SNI), and shakes hands with the certificate for it; ALPN then says what is spoken. */
final class TlsOpening extends AbstractSniHandler<SslHandler> {
    private static final Logger LOG = LoggerFactory.getLogger(TlsOpening.class);
    /** Real ones have up to 2 KiB, with keys that resist quantum computers too. */
    private static final int CLIENT_HELLO_BYTES_MAX = 16_384;

    private final Opening opening;
    private final ServerTls tls;

    TlsOpening(Opening opening, ServerTls tls) {
        super(CLIENT_HELLO_BYTES_MAX, opening.limits().handshakeMillis());
        this.opening = opening;
        this.tls = tls;
    }

    @Override
    protected Future<SslHandler> lookup(ChannelHandlerContext ctx, @Nullable String serverName) {
        return ctx.executor().newSucceededFuture(tls.handler(serverName, ctx.alloc()));
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, @Nullable String serverName, Future<SslHandler> found) {
        SslHandler handler = found.getNow();
        if (ctx.isRemoved() || !ctx.channel().isActive()) {
            ReferenceCountUtil.release(handler.engine());
            return;
        }
        handler.setHandshakeTimeoutMillis(opening.limits().handshakeMillis());
        ctx.pipeline().addLast(new Handshake(serverName));
        ctx.pipeline().replace(this, "tls", handler);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("no TLS from {}: {}", ctx.channel().remoteAddress(), cause.toString());
        ctx.close();
    }

    /** Waits for the end of the handshake. */
    private final class Handshake extends ChannelInboundHandlerAdapter {
        private final @Nullable String serverName;

        Handshake(@Nullable String serverName) {
            this.serverName = serverName;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent completion) {
                if (completion.isSuccess()) {
                    SslHandler handler = ctx.pipeline().get(SslHandler.class);
                    boolean http2 = ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol());
                    opening.speaks(http2, true, serverName, opening.loop().time().nanos());
                    ctx.pipeline().remove(this);
                } else {
                    LOG.debug("handshake with {} failed: {}", ctx.channel().remoteAddress(),
                            completion.cause().toString());
                    ctx.close();
                }
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
