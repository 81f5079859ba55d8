package dev.sallyport.gateway.inspect.image;

import io.netty.buffer.ByteBuf;

/** Writes a WebP again without Exif, XMP and every chunk that no pixel's looks depend on. */
final class WebpStripper {
    private static final int METADATA_FLAGS = 0x0c;
    private static final int EXIF_FLAG = 0x08;

    private final ByteBuf body;
    private final Bytes bytes;
    private final ByteBuf target;

    private boolean exifSeen;
    private boolean exifWritten;

    private WebpStripper(ByteBuf body, Bytes bytes, ByteBuf target) {
        this.body = body;
        this.bytes = bytes;
        this.target = target;
    }

    static void strip(ByteBuf body, Bytes bytes, ByteBuf target) {
        new WebpStripper(body, bytes.littleEndian(), target).picture();
    }

    private void picture() {
        int start = target.writerIndex();
        copy(0, WebpReader.FIRST_CHUNK_AT);
        chunks(WebpReader.FIRST_CHUNK_AT, bytes.length());
        target.setIntLE(start + 4, target.writerIndex() - start - WebpReader.CHUNK_HEADER_BYTES);
        // Only an extended file has metadata, and its header is the first chunk.
        int flagsAt = start + WebpReader.FIRST_CHUNK_AT + WebpReader.CHUNK_HEADER_BYTES;
        target.setByte(flagsAt, target.getByte(flagsAt) & ~METADATA_FLAGS | (exifWritten ? EXIF_FLAG : 0));
    }

    private void chunks(int from, int end) {
        for (int at = from; at < end;) {
            int type = (int) bytes.intAt(at);
            int count = (int) bytes.intAt(at + 4);
            int length = WebpReader.CHUNK_HEADER_BYTES + count + (count & 1);
            if (type == WebpChunk.ANMF) {
                frame(at, length);
            } else if (WebpChunk.isKept(type)) {
                copy(at, length);
            } else if (type == WebpChunk.EXIF && !exifSeen) {
                exifSeen = true;
                orientation(at + WebpReader.CHUNK_HEADER_BYTES, count);
            }
            at += length;
        }
    }

    private void frame(int at, int length) {
        int start = target.writerIndex();
        int headers = WebpReader.CHUNK_HEADER_BYTES + WebpReader.FRAME_HEADER_BYTES;
        copy(at, headers);
        chunks(at + headers, at + length);
        target.setIntLE(start + 4, target.writerIndex() - start - WebpReader.CHUNK_HEADER_BYTES);
    }

    private void orientation(int start, int count) {
        int orientation = Exif.orientation(bytes, start, count);
        if (orientation != Exif.UPRIGHT) {
            byte[] exif = Exif.of(orientation);
            target.writeIntLE(WebpChunk.EXIF).writeIntLE(exif.length).writeBytes(exif);
            exifWritten = true;
        }
    }

    private void copy(int from, int count) {
        target.writeBytes(body, body.readerIndex() + from, count);
    }
}
