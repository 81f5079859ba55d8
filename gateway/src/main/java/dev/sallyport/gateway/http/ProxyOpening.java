package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the PROXY protocol header with which a trusted proxy begins each connection; without a valid one it closes. */
final class ProxyOpening extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyOpening.class);

    private final Opening opening;
    private final LoopTimer.Timeout silence;

    ProxyOpening(Opening opening) {
        this.opening = opening;
        silence = new LoopTimer.Timeout() {
            @Override
            protected void expired() {
                opening.close();
            }
        };
        setSingleDecode(true);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        opening.loop().timer().armMillis(silence, opening.limits().handshakeMillis());
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        opening.loop().timer().disarm(silence);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        try {
            ProxyHeader header = ProxyHeader.read(in);
            if (header != null) {
                opening.introduced(header);
                // What was read behind the header goes on to the handler behind.
                ctx.pipeline().remove(this);
            }
        } catch (ProtocolViolation violation) {
            LOG.debug("{}: {}", ctx.channel().remoteAddress(), violation.detail());
            in.skipBytes(in.readableBytes());
            opening.close();
        }
    }
}
