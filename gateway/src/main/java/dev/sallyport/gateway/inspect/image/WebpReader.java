package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.DefectFound.malformed;

/** Reads WebP (RFC 9649): every chunk within the file's exact size, the canvas, and the header of every coded frame. */
final class WebpReader {
    static final int FIRST_CHUNK_AT = 12;
    static final int CHUNK_HEADER_BYTES = 8;

    private static final int EXTENDED_BYTES = 10;
    static final int FRAME_HEADER_BYTES = 16;
    private static final int ANIMATION_BYTES = 6;
    private static final int ANIMATION_FLAG = 0x02;
    private static final int ALPHA_FLAG = 0x10;
    private static final long CANVAS_PIXELS_MAX = 0xffff_ffffL;

    private final Bytes bytes;
    private final Tally tally;
    private final SecondFormat secondFormat;

    private long width;
    private long height;
    private boolean animated;
    private boolean alpha;
    private boolean animationSeen;
    private boolean imageSeen;
    private boolean alphaPlaneSeen;
    private boolean metadata;

    private WebpReader(Bytes bytes, Tally tally, SecondFormat secondFormat) {
        this.bytes = bytes.littleEndian();
        this.tally = tally;
        this.secondFormat = secondFormat;
    }

    static Picture read(Bytes bytes, Tally tally, SecondFormat secondFormat) throws DefectFound {
        return new WebpReader(bytes, tally, secondFormat).picture();
    }

    private Picture picture() throws DefectFound {
        long size = bytes.intAt(4) + CHUNK_HEADER_BYTES;
        if (size % 2 != 0 || size < FIRST_CHUNK_AT + CHUNK_HEADER_BYTES) {
            throw malformed("The size in the RIFF header is odd, or leaves no place for a picture.", 4);
        }
        bytes.need(0, size, "the size in the RIFF header");
        int end = (int) size;
        int type = type(FIRST_CHUNK_AT);
        int count = count(FIRST_CHUNK_AT, end);
        if (type == WebpChunk.VP8X) {
            extended(FIRST_CHUNK_AT + CHUNK_HEADER_BYTES, count);
            chunks(next(FIRST_CHUNK_AT, count), end);
        } else {
            simple(type, FIRST_CHUNK_AT + CHUNK_HEADER_BYTES, count, end);
        }
        if (end < bytes.length()) {
            throw secondFormat.behind(end);
        }
        return new Picture(ImageFormat.WEBP, width, height, tally.frames(), alpha ? 32 : 24, tally.pixels(), metadata);
    }

    private int type(int at) throws DefectFound {
        bytes.need(at, CHUNK_HEADER_BYTES, "a chunk's header");
        return (int) bytes.intAt(at);
    }

    /** The size of the chunk at {@code at}, once it and its padding are known to end before {@code end}. */
    private int count(int at, int end) throws DefectFound {
        long count = bytes.intAt(at + 4);
        if (count + (count & 1) > end - at - CHUNK_HEADER_BYTES) {
            throw malformed("A chunk is longer than what it lies in.", at);
        }
        if ((count & 1) == 1 && bytes.byteAt(at + CHUNK_HEADER_BYTES + (int) count) != 0) {
            throw malformed("The padding of a chunk is not zero.", at);
        }
        return (int) count;
    }

    private static int next(int at, int count) {
        return at + CHUNK_HEADER_BYTES + count + (count & 1);
    }

    private void simple(int type, int start, int count, int end) throws DefectFound {
        WebpFrame frame = WebpFrame.read(bytes, type, start, count);
        width = frame.width();
        height = frame.height();
        alpha = frame.alpha();
        tally.frame(width, height, start);
        int behind = start + count + (count & 1);
        if (behind < end) {
            throw secondFormat.behind(behind);
        }
    }

    /** Section 2.7.1.1: the header of the extended format. */
    private void extended(int start, int count) throws DefectFound {
        if (count != EXTENDED_BYTES) {
            throw malformed("Chunk VP8X has " + count + " bytes.", start);
        }
        int flags = bytes.byteAt(start);
        animated = (flags & ANIMATION_FLAG) != 0;
        alpha = (flags & ALPHA_FLAG) != 0;
        width = bytes24(start + 4) + 1;
        height = bytes24(start + 7) + 1;
        if (width * height > CANVAS_PIXELS_MAX) {
            throw malformed("The canvas in chunk VP8X has more than 4294967295 pixels.", start + 4);
        }
        if (!animated) {
            tally.frame(width, height, start + 4);
        }
    }

    private long bytes24(int at) {
        return bytes.shortAt(at) | (long) bytes.byteAt(at + 2) << 16;
    }

    private void chunks(int from, int end) throws DefectFound {
        int at = from;
        while (at < end) {
            if (end - at < CHUNK_HEADER_BYTES) {
                throw malformed("Too few bytes for a chunk stand at the end.", at);
            }
            int type = type(at);
            int count = count(at, end);
            chunk(type, at + CHUNK_HEADER_BYTES, count);
            at = next(at, count);
        }
        if (!imageSeen) {
            throw malformed("The picture has no image.", end);
        }
    }

    private void chunk(int type, int start, int count) throws DefectFound {
        switch (type) {
            case WebpChunk.VP8, WebpChunk.VP8L -> still(type, start, count);
            case WebpChunk.ALPH -> alphaPlane(start);
            case WebpChunk.ANIM -> animation(start, count);
            case WebpChunk.ANMF -> frame(start, count);
            case WebpChunk.VP8X -> throw malformed("Chunk VP8X is repeated.", start);
            default -> other(type, start, count); // section 2.7.1.6 lets any chunk be there
        }
    }

    private void still(int type, int start, int count) throws DefectFound {
        WebpFrame frame = WebpFrame.read(bytes, type, start, count);
        if (animated || imageSeen || frame.width() != width || frame.height() != height) {
            throw malformed("An image is repeated, stands in an animation, or is not as large as the canvas.", start);
        }
        imageSeen = true;
    }

    private void alphaPlane(int start) throws DefectFound {
        if (animated || imageSeen || alphaPlaneSeen) {
            throw malformed("Chunk ALPH stands where none may.", start);
        }
        alphaPlaneSeen = true;
    }

    private void animation(int start, int count) throws DefectFound {
        if (!animated || animationSeen || imageSeen || count != ANIMATION_BYTES) {
            throw malformed("Chunk ANIM stands where none may, or has a wrong length.", start);
        }
        animationSeen = true;
    }

    /** Section 2.7.1.3: a frame's place, then its own chunks. */
    private void frame(int start, int count) throws DefectFound {
        if (!animationSeen || count < FRAME_HEADER_BYTES) {
            throw malformed("Chunk ANMF stands where none may, or is too short.", start);
        }
        tally.frame(width, height, start);
        long frameWidth = bytes24(start + 6) + 1;
        long frameHeight = bytes24(start + 9) + 1;
        if (2 * bytes24(start) + frameWidth > width || 2 * bytes24(start + 3) + frameHeight > height) {
            throw malformed("A frame of the animation does not fit the canvas.", start);
        }
        boolean coded = false;
        int end = start + count;
        for (int at = start + FRAME_HEADER_BYTES; at < end;) {
            if (end - at < CHUNK_HEADER_BYTES) {
                throw malformed("Too few bytes for a chunk stand at the end of a frame.", at);
            }
            int type = type(at);
            int size = count(at, end);
            int data = at + CHUNK_HEADER_BYTES;
            if (type == WebpChunk.VP8 || type == WebpChunk.VP8L) {
                WebpFrame frame = WebpFrame.read(bytes, type, data, size);
                if (coded || frame.width() != frameWidth || frame.height() != frameHeight) {
                    throw malformed("A frame of the animation holds two images, or one of another size.", at);
                }
                coded = true;
            } else if (WebpChunk.isKept(type)) {
                if (type != WebpChunk.ALPH || coded) {
                    throw malformed("A chunk stands in a frame of the animation where none of its kind may.", at);
                }
            } else {
                other(type, data, size);
            }
            at = next(at, size);
        }
        if (!coded) {
            throw malformed("A frame of the animation has no image.", start);
        }
        imageSeen = true;
    }

    private void other(int type, int start, int count) throws DefectFound {
        tally.part(start);
        metadata |= !WebpChunk.isKept(type)
                && !(type == WebpChunk.EXIF && Exif.isOrientationOnly(bytes, start, count));
        if (type == WebpChunk.EXIF || type == WebpChunk.C2PA) {
            secondFormat.partWithThumbnail(start, count);
        } else {
            secondFormat.part(start, count);
        }
    }
}
