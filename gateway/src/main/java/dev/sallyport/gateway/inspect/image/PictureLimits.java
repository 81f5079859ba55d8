package dev.sallyport.gateway.inspect.image;

/**
 * How large a picture may be once somebody decodes it.
 *
 * @param pixels of all frames together, at least 1
 * @param frames or pages, at least 1
 */
public record PictureLimits(long pixels, int frames) {
    public PictureLimits {
        if (pixels < 1) {
            throw new IllegalArgumentException("pixels is less than 1");
        }
        if (frames < 1) {
            throw new IllegalArgumentException("frames is less than 1");
        }
    }
}
