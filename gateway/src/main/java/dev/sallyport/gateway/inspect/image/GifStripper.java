package dev.sallyport.gateway.inspect.image;

import io.netty.buffer.ByteBuf;

/** Writes a GIF again without comments, and without extensions that its looks do not depend on. */
final class GifStripper {
    private final ByteBuf body;
    private final Bytes bytes;
    private final ByteBuf target;

    private int at;

    private GifStripper(ByteBuf body, Bytes bytes, ByteBuf target) {
        this.body = body;
        this.bytes = bytes;
        this.target = target;
    }

    static void strip(ByteBuf body, Bytes bytes, ByteBuf target) {
        new GifStripper(body, bytes, target).picture();
    }

    private void picture() {
        at = GifReader.HEADER_BYTES;
        colourTable(10);
        copy(0);
        while (bytes.byteAt(at) != GifReader.TRAILER) {
            int start = at;
            boolean kept = true;
            if (bytes.byteAt(at) == GifReader.IMAGE) {
                at += GifReader.IMAGE_BYTES;
                colourTable(start + GifReader.IMAGE_BYTES - 1);
                at++;
            } else {
                at += 2;
                kept = GifApplication.isKept(bytes, bytes.byteAt(start + 1), at);
            }
            subBlocks();
            if (kept) {
                copy(start);
            }
        }
        target.writeByte(GifReader.TRAILER);
    }

    private void colourTable(int flagsAt) {
        int flags = bytes.byteAt(flagsAt);
        at += (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
    }

    private void subBlocks() {
        int size = bytes.byteAt(at);
        while (size != 0) {
            at += 1 + size;
            size = bytes.byteAt(at);
        }
        at++;
    }

    private void copy(int from) {
        target.writeBytes(body, body.readerIndex() + from, at - from);
    }
}
