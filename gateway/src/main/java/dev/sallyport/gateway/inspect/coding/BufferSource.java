package dev.sallyport.gateway.inspect.coding;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** The bytes of a buffer as a stream that knows whether its end was asked for. */
final class BufferSource extends InputStream {
    private final ByteBuffer bytes;
    private boolean ended;

    BufferSource(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read() {
        if (!bytes.hasRemaining()) {
            ended = true;
            return -1;
        }
        return bytes.get() & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!bytes.hasRemaining()) {
            ended = true;
            return -1;
        }
        int read = Math.min(length, bytes.remaining());
        bytes.get(into, offset, read);
        return read;
    }

    boolean hasRemaining() {
        return bytes.hasRemaining();
    }

    /** Whether the reader was told that nothing follows. */
    boolean ended() {
        return ended;
    }
}
