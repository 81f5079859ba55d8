package dev.sallyport.gateway.inspect.coding;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.brotli.dec.BrotliInputStream;

/**
 * Decodes {@code br} (RFC 7932). The decoder notices bytes behind the end only when it has met the end of its input, which
 * it reads in blocks; where it has not, the stream is read once more without its last byte, so that no block ends where it does.
 */
final class BrotliSource extends InputStream {
    private static final String UNUSED = "Unused bytes after end";

    private final ByteBuffer whole;
    private final BufferSource source;
    private final BrotliInputStream decoder;

    private BrotliSource(ByteBuffer whole, BufferSource source, BrotliInputStream decoder) {
        this.whole = whole;
        this.source = source;
        this.decoder = decoder;
    }

    static BrotliSource open(ByteBuffer encoded) throws IOException {
        BufferSource source = new BufferSource(encoded.duplicate());
        return new BrotliSource(encoded, source, new BrotliInputStream(source));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = decoder.read(into, offset, length);
        if (read < 0 && (source.hasRemaining() || !source.ended() && unusedWithoutItsLastByte())) {
            throw new MalformedCoding("bytes follow its end");
        }
        return read;
    }

    /** Whether the decoder notices bytes behind the end when the last of them is taken away. */
    private boolean unusedWithoutItsLastByte() {
        ByteBuffer shorter = whole.duplicate();
        shorter.limit(shorter.limit() - 1);
        try (BrotliInputStream again = new BrotliInputStream(new BufferSource(shorter))) {
            byte[] piece = new byte[8 << 10];
            while (again.read(piece, 0, piece.length) >= 0) {
                // only how it ends matters
            }
            return true;
        } catch (IOException broken) {
            return broken.getCause() != null && UNUSED.equals(broken.getCause().getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        decoder.close();
    }
}
