package dev.sallyport.gateway.inspect.image;

import dev.sallyport.gateway.inspect.image.Defect.Kind;

/** What has been counted of one picture so far, held against its limits at every step. */
final class Tally {
    /** Parts that hold no pixels; honest pictures have tens, large ones with many profiles a few hundred. */
    static final int PARTS_MAX = 1_000;
    /** Passes over the largest picture that is allowed; encoders of progressive pictures make 10 to 18. */
    static final int PASSES_MAX = 20;
    /** Bits of a pixel that counts once: four samples of 16 bits. */
    static final int WIDE_BITS = 64;

    private final PictureLimits limits;
    private long pixels;
    private int frames;
    private int parts;

    Tally(PictureLimits limits) {
        this.limits = limits;
    }

    /** Counts one frame of {@code width} x {@code height}. */
    void frame(long width, long height, int offset) throws DefectFound {
        frames(width, height, 1, offset);
    }

    /** Counts {@code count} frames of {@code width} x {@code height}, all at least 1. */
    void frames(long width, long height, long count, int offset) throws DefectFound {
        if (count > limits.frames() - frames) {
            throw new DefectFound(Kind.TOO_MANY_FRAMES, "The picture has more than " + limits.frames()
                    + (limits.frames() == 1 ? " frame." : " frames."), offset);
        }
        frames += (int) count;
        pixels = sum(pixels, product(product(width, height), count));
        if (pixels > limits.pixels()) {
            throw new DefectFound(Kind.TOO_MANY_PIXELS, "The picture has " + width + " x " + height + " pixels"
                    + (frames == 1 ? "" : " in one of " + frames + " frames") + ", together more than "
                    + limits.pixels() + ".", offset);
        }
    }

    /** Sets what has been counted to {@code count} frames on a canvas that may have grown to {@code width} x {@code height}. */
    void canvas(long width, long height, int count, int offset) throws DefectFound {
        frames = 0;
        pixels = 0;
        frames(width, height, count, offset);
    }

    /** Refuses a piece that a decoder must hold at once although the picture is smaller. */
    void buffer(long width, long height, int offset) throws DefectFound {
        if (product(width, height) > limits.pixels()) {
            throw new DefectFound(Kind.TOO_MANY_PIXELS, "A tile of the picture has " + width + " x " + height
                    + " pixels, more than " + limits.pixels() + ".", offset);
        }
    }

    /** Counts pixels once more: a decoder needs as much memory as for so many pixels of usual width. */
    void wide(long more, int offset) throws DefectFound {
        pixels = sum(pixels, more);
        if (pixels > limits.pixels()) {
            throw new DefectFound(Kind.TOO_MANY_PIXELS, "The picture's pixels, each counted once for every "
                    + WIDE_BITS + " bits, are more than " + limits.pixels() + ".", offset);
        }
    }

    /** Refuses to let a decoder pass over {@code pixels} as often as {@code passes}. */
    void passes(long pixels, int passes, int offset) throws DefectFound {
        if (product(pixels, passes) > product(limits.pixels(), PASSES_MAX)) {
            throw new DefectFound(Kind.TOO_MANY_PARTS, "The picture makes decoders pass " + passes
                    + " times over its pixels, together more than " + PASSES_MAX + " times over " + limits.pixels()
                    + " pixels.", offset);
        }
    }

    /** Counts a part without pixels. */
    void part(int offset) throws DefectFound {
        if (++parts > PARTS_MAX) {
            throw new DefectFound(Kind.TOO_MANY_PARTS, "The picture has more than " + PARTS_MAX
                    + " parts that hold no pixels.", offset);
        }
    }

    long pixels() {
        return pixels;
    }

    int frames() {
        return frames;
    }

    /** {@code a * b} of two that are not negative, or the largest number instead of more. */
    static long product(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }

    private static long sum(long a, long b) {
        return a + b < 0 ? Long.MAX_VALUE : a + b;
    }
}
