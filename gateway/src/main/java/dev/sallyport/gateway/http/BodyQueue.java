package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a body that nobody is ready to take yet. Owns them. How many bytes come is bounded by flow control; small
 * parts are copied together, so that many of them do not keep as many read buffers alive.
 */
final class BodyQueue {
    private static final int COPIED_BELOW_BYTES = 2_048;
    private static final int TAIL_BYTES = 8_192;

    private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>(4);
    private @Nullable ByteBuf tail;

    /** Adds a part; what is added stays the caller's. */
    void add(ByteBuf part, ByteBufAllocator allocator) {
        int bytes = part.readableBytes();
        if (bytes >= COPIED_BELOW_BYTES) {
            parts.add(part.retain());
            tail = null;
            return;
        }
        if (tail == null || tail.writableBytes() < bytes) {
            tail = allocator.buffer(TAIL_BYTES, TAIL_BYTES);
            parts.add(tail);
        }
        tail.writeBytes(part);
    }

    /** The next part, which is then the caller's; null when there is none. */
    @Nullable
    ByteBuf poll() {
        ByteBuf part = parts.poll();
        if (part == tail) {
            tail = null;
        }
        return part;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    void release() {
        parts.forEach(ByteBuf::release);
        parts.clear();
        tail = null;
    }
}
