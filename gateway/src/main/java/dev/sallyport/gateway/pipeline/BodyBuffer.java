package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;

/** A request body that is kept until it is whole, because a control must see all of it. Owns what it holds until {@link #hand}. */
final class BodyBuffer {
    private static final int COMPONENTS_MAX = 64;

    private final long bytesMax;
    private CompositeByteBuf parts = Unpooled.compositeBuffer(COMPONENTS_MAX);

    BodyBuffer(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes ownership of {@code chunk}; returns whether the body is still within its limit. */
    boolean take(ByteBuf chunk) {
        if (parts.readableBytes() + (long) chunk.readableBytes() > bytesMax) {
            chunk.release();
            return false;
        }
        parts.addComponent(true, chunk);
        return true;
    }

    /** Passes the body, and its ownership, on. */
    ByteBuf hand() {
        CompositeByteBuf whole = parts;
        parts = Unpooled.compositeBuffer(1);
        return whole;
    }

    void release() {
        parts.release();
    }

    static Refusal tooLarge(long bytesMax) {
        return Refusal
                .of(RefusalCode.BODY_TOO_LARGE,
                        "The body is longer than " + bytesMax + " bytes, the most that can be inspected.")
                .withMember("limit", bytesMax);
    }
}
