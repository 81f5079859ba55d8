package dev.sallyport.gateway.inspect.image;

import io.netty.buffer.ByteBuf;

/** Writes the first picture of a JPEG again without comments, and without application segments that no pixel's looks depend on. */
final class JpegStripper {
    private final ByteBuf body;
    private final Bytes bytes;
    private final ByteBuf target;

    private int at = 2;
    private boolean exifSeen;

    private JpegStripper(ByteBuf body, Bytes bytes, ByteBuf target) {
        this.body = body;
        this.bytes = bytes;
        this.target = target;
    }

    static void strip(ByteBuf body, Bytes bytes, ByteBuf target) {
        new JpegStripper(body, bytes, target).picture();
    }

    private void picture() {
        marker(JpegMarker.START_OF_IMAGE);
        for (int marker = next(); marker != JpegMarker.END_OF_IMAGE; marker = next()) {
            int count = bytes.shortAt(at);
            if (JpegMarker.isApplication(marker)) {
                application(marker, at + 2, count - 2);
            } else if (marker != JpegMarker.COMMENT) {
                marker(marker);
                copy(at, count);
            }
            at += count;
            if (marker == JpegMarker.START_OF_SCAN) {
                entropyCoded();
            }
        }
        marker(JpegMarker.END_OF_IMAGE);
    }

    private int next() {
        while (bytes.byteAt(at) == JpegMarker.PREFIX) {
            at++;
        }
        return bytes.byteAt(at++);
    }

    private void application(int marker, int start, int count) {
        JpegApplication kind = JpegApplication.of(bytes, marker, start, count);
        int kept = Math.min(count, kind.keptBytes());
        if (kept > 0) {
            marker(marker);
            target.writeShort(kept + 2);
            copy(start, kept);
            if (kind == JpegApplication.JFIF && count > kept) {
                target.setShort(target.writerIndex() - 2, 0); // a thumbnail of 0 x 0 pixels
            }
        } else if (kind == JpegApplication.EXIF && !exifSeen) {
            exifSeen = true;
            orientation(start, count);
        }
    }

    private void orientation(int start, int count) {
        int orientation = Exif.orientation(bytes, start, count);
        if (orientation != Exif.UPRIGHT) {
            byte[] exif = Exif.of(orientation);
            marker(JpegMarker.FIRST_APPLICATION + 1);
            target.writeShort(2 + Exif.NAME.length + exif.length);
            target.writeBytes(Exif.NAME).writeBytes(exif);
        }
    }

    private void entropyCoded() {
        int from = at;
        int found = bytes.indexOf(JpegMarker.PREFIX, at, bytes.length());
        while (isData(bytes.byteAt(found + 1))) {
            found = bytes.indexOf(JpegMarker.PREFIX, found + 2, bytes.length());
        }
        at = found;
        copy(from, found - from);
    }

    private static boolean isData(int octet) {
        return octet == 0 || JpegMarker.isRestart(octet);
    }

    private void marker(int marker) {
        target.writeByte(JpegMarker.PREFIX).writeByte(marker);
    }

    private void copy(int from, int count) {
        target.writeBytes(body, body.readerIndex() + from, count);
    }
}
