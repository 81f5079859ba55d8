package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells HTTP/2 with prior knowledge (RFC 9113 section 3.3) from HTTP/1.1 by the first bytes of a connection in plain text.
 * Another protocol, such as a broken preface of HTTP/2, gets no answer that it could not read.
 */
final class PlainOpening extends ByteToMessageDecoder {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private static final byte[] NAME = {'h', 't', 't', 'p'};
    private static final int FIRST_LINE_BYTES_MAX = 256;

    private final Opening opening;
    private final LoopTimer.Timeout silence = new Silence();
    private @Nullable ChannelHandlerContext context;
    private boolean begun;

    PlainOpening(Opening opening) {
        this.opening = opening;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        opening.loop().timer().armMillis(silence, opening.limits().idleMillis());
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        opening.loop().timer().disarm(silence);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int bytes = Math.min(in.readableBytes(), PREFACE.length);
        for (int i = 0; i < bytes; i++) {
            if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
                if (foreign(in)) {
                    in.skipBytes(in.readableBytes());
                    ctx.close();
                } else {
                    speaks(ctx, false);
                }
                return;
            }
        }
        if (bytes == PREFACE.length) {
            speaks(ctx, true);
        } else if (!begun) {
            begun = true;
            opening.loop().timer().armMillis(silence, opening.limits().headMillis());
        }
    }

    /** Whether there is a whole first line of three words or more, none of which names HTTP. */
    private static boolean foreign(ByteBuf in) {
        int end = in.indexOf(in.readerIndex(), Math.min(in.writerIndex(), in.readerIndex() + FIRST_LINE_BYTES_MAX),
                (byte) '\n');
        int spaces = 0;
        for (int i = in.readerIndex(); i < end; i++) {
            spaces += in.getByte(i) == ' ' ? 1 : 0;
            if (end - i >= NAME.length && namesHttp(in, i)) {
                return false;
            }
        }
        return spaces >= 2;
    }

    private static boolean namesHttp(ByteBuf in, int at) {
        for (int i = 0; i < NAME.length; i++) {
            if ((in.getByte(at + i) | 0x20) != NAME[i]) {
                return false;
            }
        }
        return true;
    }

    private void speaks(ChannelHandlerContext ctx, boolean http2) {
        opening.speaks(http2, false, null, 0);
        // What was read goes on to the handler behind.
        ctx.pipeline().remove(this);
    }

    private final class Silence extends LoopTimer.Timeout {
        @Override
        protected void expired() {
            if (context != null) {
                context.close();
            }
        }
    }
}
