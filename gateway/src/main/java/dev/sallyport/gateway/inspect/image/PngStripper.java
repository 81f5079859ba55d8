package dev.sallyport.gateway.inspect.image;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32;

/** Writes a PNG again without its ancillary chunks that no pixel's looks depend on. */
final class PngStripper {
    private PngStripper() {}

    static void strip(ByteBuf body, Bytes bytes, ByteBuf target) {
        int start = body.readerIndex();
        int at = Signatures.PNG.length;
        target.writeBytes(body, start, at);
        boolean exifSeen = false;
        while (at < bytes.length()) {
            int count = (int) bytes.intAt(at);
            int type = (int) bytes.intAt(at + 4);
            if (PngChunk.isKept(type)) {
                target.writeBytes(body, start + at, PngReader.CHUNK_BYTES + count);
            } else if (type == PngChunk.EXIF && !exifSeen) {
                exifSeen = true;
                orientation(Exif.orientation(bytes, at + 8, count), target);
            }
            at += PngReader.CHUNK_BYTES + count;
        }
    }

    private static void orientation(int orientation, ByteBuf target) {
        if (orientation == Exif.UPRIGHT) {
            return;
        }
        byte[] exif = Exif.of(orientation);
        target.writeInt(exif.length);
        int from = target.writerIndex();
        target.writeInt(PngChunk.EXIF).writeBytes(exif);
        CRC32 checksum = new CRC32();
        checksum.update(target.nioBuffer(from, target.writerIndex() - from));
        target.writeInt((int) checksum.getValue());
    }
}
