package dev.sallyport.gateway.inspect.image;

import static java.util.Objects.requireNonNull;

/**
 * A body that is one whole picture of its format and nothing else, within its limits.
 *
 * @param width        pixels of the first frame, or of the canvas on which all frames are shown; at least 1
 * @param height       likewise
 * @param frames       frames of an animation, pages of a TIFF, pictures of a multi-picture JPEG; at least 1
 * @param bitsPerPixel of the first frame as stored (a palette's index counts, not its colours); at least 1
 * @param pixels       of all frames together, one of more than 64 bits counted once for every 64: what decoding costs and
 *                     what is charged; at least 1
 * @param metadata     whether {@link PictureStripper} would take something out
 */
public record Picture(ImageFormat format, long width, long height, int frames, int bitsPerPixel, long pixels,
        boolean metadata)
        implements PictureOutcome {
    public Picture {
        requireNonNull(format, "format is null");
    }
}
