package dev.sallyport.gateway.inspect.coding;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Decodes {@code zstd} (RFC 8878): exactly one frame, without dictionary, whose window is at most 8 MiB (RFC 9659).
 * The frame's outline is walked before a byte is decoded, so the decoder gets neither a second nor a skippable frame.
 */
final class ZstdSource {
    static final long WINDOW_BYTES_MAX = 8L << 20;

    private static final int MAGIC = 0xfd2fb528;
    private static final int BLOCK_BYTES_MAX = 128 << 10;
    private static final int RUN_BLOCK = 1;
    private static final int RESERVED_BLOCK = 3;

    private final ByteBuffer frame;

    private ZstdSource(ByteBuffer frame) {
        this.frame = frame;
    }

    static InputStream open(ByteBuffer encoded) throws IOException {
        new ZstdSource(encoded.duplicate().order(ByteOrder.LITTLE_ENDIAN)).walk();
        return new ZstdInputStream(new BufferSource(encoded));
    }

    private void walk() throws IOException {
        need(5);
        if (frame.getInt() != MAGIC) {
            throw new MalformedCoding("its header is none");
        }
        int descriptor = frame.get() & 0xff;
        if ((descriptor & 0x08) != 0) {
            throw new MalformedCoding("a reserved bit is set in its header");
        }
        if ((descriptor & 0x03) != 0) {
            throw new MalformedCoding("it needs a dictionary");
        }
        if (window(descriptor) > WINDOW_BYTES_MAX) {
            throw new MalformedCoding("its window is larger than 8 MiB");
        }
        boolean last = false;
        while (!last) {
            last = skipBlock();
        }
        if ((descriptor & 0x04) != 0) {
            skip(4);
        }
        if (frame.hasRemaining()) {
            throw new MalformedCoding("bytes follow its end");
        }
    }

    /** Reads the window's size, or that of the content where it takes the window's place (sections 3.1.1.1.2 and 3.1.1.1.4). */
    private long window(int descriptor) throws IOException {
        boolean singleSegment = (descriptor & 0x20) != 0;
        long window = 0;
        if (!singleSegment) {
            need(1);
            int coded = frame.get() & 0xff;
            long base = 1L << 10 + (coded >> 3);
            window = base + (base >> 3) * (coded & 7);
        }
        long content = switch (descriptor >> 6) {
            case 0 -> singleSegment ? number(1) : 0;
            case 1 -> number(2) + 256;
            case 2 -> number(4);
            default -> number(8);
        };
        if (content < 0) {
            throw new MalformedCoding("it claims to hold more than can be");
        }
        return singleSegment ? content : window;
    }

    private boolean skipBlock() throws IOException {
        int header = (int) number(3);
        int type = header >> 1 & 3;
        int size = header >> 3;
        if (type == RESERVED_BLOCK || size > BLOCK_BYTES_MAX) {
            throw new MalformedCoding("a block of it has no valid header");
        }
        skip(type == RUN_BLOCK ? 1 : size);
        return (header & 1) != 0;
    }

    private long number(int bytes) throws IOException {
        need(bytes);
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (frame.get() & 0xffL) << 8 * i;
        }
        return number;
    }

    private void skip(int bytes) throws IOException {
        need(bytes);
        frame.position(frame.position() + bytes);
    }

    private void need(int bytes) throws IOException {
        if (frame.remaining() < bytes) {
            throw new MalformedCoding("it is cut off");
        }
    }
}
