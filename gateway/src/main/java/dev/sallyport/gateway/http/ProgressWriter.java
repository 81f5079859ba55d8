package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2FrameWriter;

/** Tells the guard of the DATA frames that we write, for the client has reason to answer it with control frames. */
final class ProgressWriter extends DecoratingHttp2FrameWriter {
    /** The largest frame that every client takes (RFC 9113 section 4.2). */
    private static final int FRAME_BYTES = 16_384;

    private final FrameGuard guard;

    ProgressWriter(Http2FrameWriter writer, FrameGuard guard) {
        super(writer);
        this.guard = guard;
    }

    @Override
    public ChannelFuture writeData(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding,
            boolean endStream, ChannelPromise promise) {
        guard.progress(data.readableBytes() / FRAME_BYTES + 1);
        return super.writeData(ctx, streamId, data, padding, endStream, promise);
    }
}
