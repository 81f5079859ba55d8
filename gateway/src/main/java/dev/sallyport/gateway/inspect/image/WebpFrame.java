package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.DefectFound.malformed;

/** The header of a coded WebP image: a VP8 key frame (RFC 6386, section 9.1) or a VP8L stream (RFC 9649, section 3.4). */
record WebpFrame(int width, int height, boolean alpha) {
    private static final int VP8_HEADER_BYTES = 10;
    private static final int VP8L_HEADER_BYTES = 5;
    private static final int VP8L_SIGNATURE = 0x2f;
    private static final int SIDE_MASK = 0x3fff;

    /** @param bytes with the least significant byte of a number first */
    static WebpFrame read(Bytes bytes, int type, int start, int count) throws DefectFound {
        return switch (type) {
            case WebpChunk.VP8 -> lossy(bytes, start, count);
            case WebpChunk.VP8L -> lossless(bytes, start, count);
            default -> throw malformed("The first chunk is none of VP8, VP8L and VP8X.", start);
        };
    }

    private static WebpFrame lossy(Bytes bytes, int start, int count) throws DefectFound {
        if (count < VP8_HEADER_BYTES) {
            throw malformed("Chunk VP8 is too short for a frame.", start);
        }
        int tag = bytes.shortAt(start) | bytes.byteAt(start + 2) << 16;
        boolean keyFrame = (tag & 1) == 0;
        boolean shown = (tag & 1 << 4) != 0;
        int firstPartition = tag >>> 5;
        if (!keyFrame || !shown || (tag >>> 1 & 7) > 3 || firstPartition > count - VP8_HEADER_BYTES
                || bytes.byteAt(start + 3) != 0x9d || bytes.shortAt(start + 4) != 0x2a01) {
            throw malformed("Chunk VP8 does not begin with the header of a key frame.", start);
        }
        return sized(bytes.shortAt(start + 6) & SIDE_MASK, bytes.shortAt(start + 8) & SIDE_MASK, false, start);
    }

    private static WebpFrame lossless(Bytes bytes, int start, int count) throws DefectFound {
        if (count < VP8L_HEADER_BYTES || bytes.byteAt(start) != VP8L_SIGNATURE) {
            throw malformed("Chunk VP8L does not begin with its signature.", start);
        }
        long header = bytes.intAt(start + 1);
        if (header >>> 29 != 0) {
            throw malformed("Chunk VP8L has a version that does not exist.", start);
        }
        return sized(((int) header & SIDE_MASK) + 1, ((int) (header >>> 14) & SIDE_MASK) + 1, (header >>> 28 & 1) == 1,
                start);
    }

    private static WebpFrame sized(int width, int height, boolean alpha, int start) throws DefectFound {
        if (width == 0 || height == 0) {
            throw malformed("An image has no width or no height.", start);
        }
        return new WebpFrame(width, height, alpha);
    }
}
