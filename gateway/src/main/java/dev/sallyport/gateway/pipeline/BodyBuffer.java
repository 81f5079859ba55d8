package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A body that is kept until it is whole, because a control must see all of it. Owns what it holds until {@link #hand}.
 *
 * <p>A body that comes in one part is kept as it is. Of one that comes in several the bytes are copied together, once
 * per byte on average, so that whoever sends a million parts of one byte pins no million buffers.
 */
final class BodyBuffer {
    private final long bytesMax;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private boolean copied;

    BodyBuffer(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes ownership of {@code chunk}; returns whether the body is still within its limit. */
    boolean take(ByteBuf chunk) {
        int bytes = chunk.readableBytes();
        if (held.readableBytes() + (long) bytes > Math.min(bytesMax, Integer.MAX_VALUE)) {
            chunk.release();
            return false;
        }
        if (!held.isReadable()) {
            held.release();
            held = chunk;
            return true;
        }
        try {
            makeRoom(chunk, bytes);
            held.writeBytes(chunk);
        } finally {
            chunk.release();
        }
        return true;
    }

    private void makeRoom(ByteBuf chunk, int bytes) {
        if (copied && held.writableBytes() >= bytes) {
            return;
        }
        long wanted = Math.max(2L * held.readableBytes(), held.readableBytes() + (long) bytes);
        ByteBuf larger = chunk.alloc().buffer((int) Math.min(wanted, Math.min(bytesMax, Integer.MAX_VALUE)));
        larger.writeBytes(held);
        held.release();
        held = larger;
        copied = true;
    }

    int bytes() {
        return held.readableBytes();
    }

    /** Passes the body, and its ownership, on. */
    ByteBuf hand() {
        ByteBuf whole = held;
        held = Unpooled.EMPTY_BUFFER;
        copied = false;
        return whole;
    }

    void release() {
        hand().release();
    }

    static Refusal tooLarge(long bytesMax) {
        return Refusal
                .of(RefusalCode.BODY_TOO_LARGE,
                        "The body is longer than " + bytesMax + " bytes, the most that can be inspected.")
                .withMember("limit", bytesMax);
    }
}
