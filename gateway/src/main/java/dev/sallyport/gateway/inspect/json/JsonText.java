package dev.sallyport.gateway.inspect.json;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One whole body in an array with zeros behind its end, so that readers may load eight bytes anywhere and need no check
 * for the end: a zero byte is an error in every place of a JSON text. The array is used again for the next body.
 */
final class JsonText {
    static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int PADDING = 16;
    private static final int KEPT_MAX = 4 << 20;

    private byte[] bytes = new byte[4096];
    private int length;

    void load(ByteBuf body) {
        int readable = body.readableBytes();
        ensure(readable);
        body.getBytes(body.readerIndex(), bytes, 0, readable);
        Arrays.fill(bytes, readable, readable + PADDING, (byte) 0);
        length = readable;
    }

    /** Takes the text as it is after {@code edits}. */
    void load(JsonEdits edits, ByteBufAllocator allocator) {
        ByteBuf edited = edits.apply(this, allocator);
        try {
            load(edited);
        } finally {
            edited.release();
        }
    }

    /** Lets go of an array that one large body made. */
    void release() {
        if (bytes.length > KEPT_MAX) {
            bytes = new byte[4096];
            length = 0;
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    private void ensure(int readable) {
        if (bytes.length - PADDING < readable) {
            int wanted = Math.addExact(readable, PADDING);
            bytes = new byte[Math.max(wanted, (int) Math.min(bytes.length * 2L, KEPT_MAX))];
        }
    }
}
