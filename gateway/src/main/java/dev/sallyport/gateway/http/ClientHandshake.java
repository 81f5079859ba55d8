package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.RefusalCode;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** Waits for a TLS handshake with an endpoint, then makes way for the protocol that was agreed on. */
final class ClientHandshake extends ChannelInboundHandlerAdapter {
    private final ClientConnector.Try opening;
    private final SslHandler tls;

    ClientHandshake(ClientConnector.Try opening, SslHandler tls) {
        this.opening = opening;
        this.tls = tls;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            if (completion.isSuccess()) {
                secured(context);
            } else {
                opening.failed(RefusalCode.UPSTREAM_TLS_FAILED, completion.cause());
            }
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    private void secured(ChannelHandlerContext context) {
        boolean http2 = ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
        if (opening.requiresHttp2() && !http2) {
            opening.failed(RefusalCode.UPSTREAM_TLS_FAILED, "the upstream does not offer HTTP/2");
            return;
        }
        context.pipeline().replace(this, null, opening.protocolHandler(http2));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        opening.failed(RefusalCode.UPSTREAM_TLS_FAILED, "the upstream closed the connection during the TLS handshake");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        opening.failed(RefusalCode.UPSTREAM_TLS_FAILED, cause);
    }
}
