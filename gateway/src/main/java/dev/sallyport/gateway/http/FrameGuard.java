package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Time;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.concurrent.TimeUnit;

/**
 * The gate before Netty's frame reader: counts the frames that cost us more than the one who sends them, and ends the
 * connection with ENHANCE_YOUR_CALM when they pass their bounds (RFC 9113 section 10.5).
 *
 * <p>Control frames are cheap to answer while something useful happens, so every frame that opens a stream or carries
 * bytes, either way, pays for {@value #PAID_BY_PROGRESS} of them, also for such as come later: clients of large windows
 * acknowledge in small steps what we sent long before.
 */
final class FrameGuard implements Http2FrameReader {
    private static final int HEADER_BYTES = 9;
    private static final int PAID_BY_PROGRESS = 10;
    private static final int CREDIT_MAX = 1_000_000;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;

    private final Http2FrameReader reader;
    private final ClosedStreams closed;
    private final Limits limits;
    private final Time time;

    private long resetsSince;
    private int resets;
    private long ownResetsSince;
    private int ownResets;
    private long controlFramesSince;
    private int controlFrames;
    private int emptyDataFrames;
    private int continuations;
    private boolean headersOpen;
    private boolean headIncomplete;
    private int dataIncomplete;
    private boolean failed;

    FrameGuard(Http2FrameReader reader, ClosedStreams closed, Limits limits, Time time) {
        this.reader = reader;
        this.closed = closed;
        this.limits = limits;
        this.time = time;
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener) throws Http2Exception {
        headIncomplete = headersOpen;
        dataIncomplete = 0;
        while (input.isReadable()) {
            if (failed) {
                input.skipBytes(input.readableBytes());
                return;
            }
            if (input.readableBytes() < HEADER_BYTES) {
                return;
            }
            int from = input.readerIndex();
            int length = input.getUnsignedMedium(from);
            byte type = input.getByte(from + 3);
            if (length > reader.configuration().frameSizePolicy().maxFrameSize()) {
                // Netty refuses it from its header alone.
                readOne(ctx, input, HEADER_BYTES, listener);
                continue;
            }
            if (input.readableBytes() < HEADER_BYTES + length) {
                headIncomplete |= type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION;
                dataIncomplete = type == Http2FrameTypes.DATA ? streamId(input, from + HEADER_BYTES) : 0;
                return;
            }
            try {
                count(type, input.getUnsignedByte(from + 4), length, input, from + HEADER_BYTES);
            } catch (Http2Exception e) {
                failed = true;
                throw e;
            }
            readOne(ctx, input, HEADER_BYTES + length, listener);
            headIncomplete = headersOpen;
        }
    }

    private void readOne(ChannelHandlerContext ctx, ByteBuf input, int bytes, Http2FrameListener listener)
            throws Http2Exception {
        int end = input.writerIndex();
        input.writerIndex(input.readerIndex() + bytes);
        try {
            reader.readFrame(ctx, input, listener);
        } catch (Http2Exception e) {
            failed |= !Http2Exception.isStreamError(e);
            throw e;
        } finally {
            input.writerIndex(end);
        }
    }

    private void count(byte type, int flags, int length, ByteBuf input, int payload) throws Http2Exception {
        switch (type) {
            case Http2FrameTypes.DATA -> data(flags, length, input, payload);
            case Http2FrameTypes.HEADERS -> {
                closed.headers(streamId(input, payload));
                headersOpen = (flags & END_HEADERS) == 0;
                continuations = 0;
                emptyDataFrames = 0;
                progress(1);
            }
            case Http2FrameTypes.CONTINUATION -> {
                headersOpen = (flags & END_HEADERS) == 0;
                if (++continuations > limits.continuations()) {
                    throw flood("CONTINUATION frames in one header block", limits.continuations());
                }
            }
            case Http2FrameTypes.RST_STREAM -> {
                long now = time.nanos();
                if (now - resetsSince >= WINDOW_NANOS || resets == 0) {
                    resetsSince = now;
                    resets = 0;
                }
                if (++resets > limits.resetsPerWindow()) {
                    throw flood("RST_STREAM frames in 30 s", limits.resetsPerWindow());
                }
            }
            default -> control();
        }
    }

    private static int streamId(ByteBuf input, int payload) {
        return input.getInt(payload - Integer.BYTES) & Integer.MAX_VALUE;
    }

    private void data(int flags, int length, ByteBuf input, int payload) throws Http2Exception {
        int padding = (flags & PADDED) == 0 || length == 0 ? 0 : 1 + input.getUnsignedByte(payload);
        if (length > padding) {
            emptyDataFrames = 0;
            progress(1);
        } else if ((flags & END_STREAM) != 0) {
            emptyDataFrames = 0;
        } else if (++emptyDataFrames > limits.emptyDataFrames()) {
            throw flood("DATA frames without bytes in a row", limits.emptyDataFrames());
        }
    }

    private void control() throws Http2Exception {
        long now = time.nanos();
        if (now - controlFramesSince >= WINDOW_NANOS || controlFrames <= 0) {
            controlFramesSince = now;
            controlFrames = Math.min(controlFrames, 0);
        }
        if (++controlFrames > limits.controlFramesPerWindow()) {
            throw flood("control frames in 30 s", limits.controlFramesPerWindow());
        }
    }

    /** So many frames were read or written that open a stream or carry bytes. */
    void progress(int frames) {
        controlFrames = Math.max(-CREDIT_MAX, controlFrames - PAID_BY_PROGRESS * frames);
    }

    /** The client made us reset a stream; to be provoked into it is as costly as to be sent one (CVE-2025-8671). */
    void resetProvoked() throws Http2Exception {
        long now = time.nanos();
        if (now - ownResetsSince >= WINDOW_NANOS || ownResets == 0) {
            ownResetsSince = now;
            ownResets = 0;
        }
        if (++ownResets > limits.resetsPerWindow()) {
            failed = true;
            throw flood("stream errors in 30 s", limits.resetsPerWindow());
        }
    }

    private static Http2Exception flood(String what, int limit) {
        return Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "more than %d %s", limit, what);
    }

    /** Whether a header block has begun to arrive and not ended. */
    boolean headIncomplete() {
        return headIncomplete;
    }

    /** The stream of the DATA frame that has begun to arrive and not ended; 0 when there is none. */
    int dataIncomplete() {
        return dataIncomplete;
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }
}
