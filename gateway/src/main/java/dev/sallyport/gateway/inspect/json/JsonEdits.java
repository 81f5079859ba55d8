package dev.sallyport.gateway.inspect.json;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;

/** What is to change in a text, in the order of its bytes: ranges, and what stands in their place. */
final class JsonEdits {
    /** Three for each: where the range begins, where it ends, and where its replacement ends in {@link #added}. */
    private int[] ranges = new int[96];
    private int count;
    private byte[] added = new byte[512];
    private int length;

    boolean none() {
        return count == 0;
    }

    /** Takes out the bytes from {@code from} up to {@code to}; {@link #put} then adds to what comes in their place. */
    void replace(int from, int to) {
        if (count + 3 > ranges.length) {
            ranges = Arrays.copyOf(ranges, ranges.length * 2);
        }
        ranges[count] = from;
        ranges[count + 1] = to;
        ranges[count + 2] = length;
        count += 3;
    }

    void replace(int from, int to, byte[] text) {
        replace(from, to);
        put(text, 0, text.length);
    }

    void put(byte[] text, int from, int to) {
        int size = to - from;
        if (length + size > added.length) {
            added = Arrays.copyOf(added, Math.max(added.length * 2, length + size));
        }
        System.arraycopy(text, from, added, length, size);
        length += size;
        ranges[count - 1] = length;
    }

    /** The text with all changes made, in a new buffer that belongs to whoever asked. */
    ByteBuf apply(JsonText text, ByteBufAllocator allocator) {
        byte[] bytes = text.bytes();
        int size = text.length() + length;
        for (int i = 0; i < count; i += 3) {
            size -= ranges[i + 1] - ranges[i];
        }
        ByteBuf result = allocator.buffer(size, size);
        int at = 0;
        int put = 0;
        for (int i = 0; i < count; i += 3) {
            result.writeBytes(bytes, at, ranges[i] - at);
            result.writeBytes(added, put, ranges[i + 2] - put);
            at = ranges[i + 1];
            put = ranges[i + 2];
        }
        return result.writeBytes(bytes, at, text.length() - at);
    }
}
