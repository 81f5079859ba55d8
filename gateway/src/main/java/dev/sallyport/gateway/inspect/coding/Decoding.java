package dev.sallyport.gateway.inspect.coding;

import dev.sallyport.gateway.inspect.coding.DecodeOutcome.Decoded;
import dev.sallyport.gateway.inspect.coding.DecodeOutcome.Malformed;
import dev.sallyport.gateway.inspect.coding.DecodeOutcome.TooLarge;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Undoes the content codings of a whole body. Stops at the first piece past a limit, so that memory holds the limit and
 * one piece more at most; what comes out lies outside of the heap. What the coding says of its own end must be true:
 * a stream that is cut off, followed by anything, or whose checksum is wrong is malformed, because two readers could
 * take it for different bodies. May be called on any thread.
 */
public final class Decoding {
    private static final int PIECE_BYTES = 16 << 10;
    private static final int FIRST_BYTES_MAX = 1 << 20;

    private Decoding() {}

    /**
     * Undoes {@code applied}, the last first.
     *
     * @param encoded read without moving its indices; the caller keeps ownership
     * @param applied at least one coding, in the order in which they were applied
     */
    public static DecodeOutcome decode(ByteBuf encoded, List<ContentCoding> applied, DecodeLimits limits) {
        long most = limits.most(encoded.readableBytes());
        ByteBuf current = encoded.retainedSlice();
        for (int i = applied.size() - 1; i >= 0; i--) {
            DecodeOutcome outcome;
            try {
                outcome = undo(applied.get(i), current, most, most < limits.bytesMax());
            } finally {
                current.release();
            }
            if (!(outcome instanceof Decoded(ByteBuf body))) {
                return outcome;
            }
            current = body;
        }
        return new Decoded(current);
    }

    private static DecodeOutcome undo(ContentCoding coding, ByteBuf encoded, long most, boolean ratio) {
        int first = (int) Math.min(most, Math.clamp(encoded.readableBytes() * 4L, 256, FIRST_BYTES_MAX));
        ByteBuf decoded = PooledByteBufAllocator.DEFAULT.directBuffer(first, (int) Math.max(first, most));
        boolean handedOn = false;
        try (InputStream source = source(coding, encoded.nioBuffer().slice())) {
            byte[] piece = new byte[PIECE_BYTES];
            for (int read = source.read(piece); read >= 0; read = source.read(piece)) {
                if (decoded.readableBytes() + (long) read > most) {
                    return new TooLarge(most, ratio);
                }
                decoded.writeBytes(piece, 0, read);
            }
            handedOn = true;
            return new Decoded(decoded);
        } catch (IOException | RuntimeException broken) {
            return new Malformed("the " + coding.token() + " coding is broken: "
                    + (broken instanceof MalformedCoding known ? known.getMessage() : "the stream cannot be decoded"));
        } finally {
            if (!handedOn) {
                decoded.release();
            }
        }
    }

    private static InputStream source(ContentCoding coding, ByteBuffer encoded) throws IOException {
        return switch (coding) {
            case GZIP -> new DeflateSource(encoded, true);
            case DEFLATE -> new DeflateSource(encoded, false);
            case BR -> BrotliSource.open(encoded);
            case ZSTD -> ZstdSource.open(encoded);
        };
    }
}
