package dev.sallyport.gateway.inspect.coding;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes {@code gzip} (RFC 1952) and {@code deflate}, the latter as zlib (RFC 1950) and, as some send it, bare (RFC 1951).
 * A second gzip member is refused: common readers stop behind the first, so that they would see another body.
 */
final class DeflateSource extends InputStream {
    private static final int DEFLATED = 8;
    private static final int FLAG_HEADER_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int FLAGS_RESERVED = 0xe0;
    private static final int TRAILER_BYTES = 8;

    private final ByteBuffer encoded;
    private final boolean gzip;
    private final CRC32 crc = new CRC32();
    private final Inflater inflater;
    private long decodedBytes;
    private boolean ended;

    DeflateSource(ByteBuffer encoded, boolean gzip) throws IOException {
        this.encoded = encoded.order(ByteOrder.LITTLE_ENDIAN);
        this.gzip = gzip;
        if (gzip) {
            skipHeader();
        }
        inflater = new Inflater(gzip || !zlibBegins());
        inflater.setInput(encoded);
    }

    private boolean zlibBegins() {
        if (encoded.remaining() < 2) {
            return true;
        }
        int method = encoded.get(0) & 0xff;
        int flags = encoded.get(1) & 0xff;
        return (method & 0x0f) == DEFLATED && method >> 4 <= 7 && ((method << 8) + flags) % 31 == 0;
    }

    private void skipHeader() throws IOException {
        if (encoded.remaining() < 10 || (encoded.getShort(0) & 0xffff) != 0x8b1f || encoded.get(2) != DEFLATED
                || (encoded.get(3) & FLAGS_RESERVED) != 0) {
            throw new MalformedCoding("its header is none");
        }
        int flags = encoded.get(3);
        encoded.position(10);
        if ((flags & FLAG_EXTRA) != 0) {
            need(2);
            int length = encoded.getShort() & 0xffff;
            need(length);
            encoded.position(encoded.position() + length);
        }
        if ((flags & FLAG_NAME) != 0) {
            skipText();
        }
        if ((flags & FLAG_COMMENT) != 0) {
            skipText();
        }
        if ((flags & FLAG_HEADER_CRC) != 0) {
            crc.update(encoded.duplicate().flip());
            need(2);
            if ((encoded.getShort() & 0xffff) != (crc.getValue() & 0xffff)) {
                throw new MalformedCoding("the checksum of its header is wrong");
            }
            crc.reset();
        }
    }

    private void skipText() throws IOException {
        do {
            need(1);
        } while (encoded.get() != 0);
    }

    private void need(int bytes) throws IOException {
        if (encoded.remaining() < bytes) {
            throw new MalformedCoding("it is cut off");
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (ended) {
            return -1;
        }
        try {
            int read = inflater.inflate(into, offset, length);
            if (read > 0) {
                decodedBytes += read;
                if (gzip) {
                    crc.update(into, offset, read);
                }
                return read;
            }
        } catch (DataFormatException broken) {
            throw new MalformedCoding("the stream cannot be decoded");
        }
        if (inflater.needsDictionary()) {
            throw new MalformedCoding("it needs a dictionary");
        }
        if (!inflater.finished()) {
            throw new MalformedCoding("it is cut off");
        }
        end();
        return -1;
    }

    /** Checks what follows the compressed data: nothing, or for gzip the trailer and then nothing. */
    private void end() throws IOException {
        ended = true;
        if (gzip) {
            need(TRAILER_BYTES);
            if (encoded.getInt() != (int) crc.getValue() || encoded.getInt() != (int) decodedBytes) {
                throw new MalformedCoding("its checksum is wrong");
            }
        }
        if (encoded.hasRemaining()) {
            throw new MalformedCoding("bytes follow its end");
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
