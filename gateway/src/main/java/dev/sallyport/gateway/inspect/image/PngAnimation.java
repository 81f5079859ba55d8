package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.DefectFound.malformed;

/** The animation in a PNG: as many frames as it says, numbered without a gap, all on the canvas. PNG, third edition, section 11.3.6. */
final class PngAnimation {
    private static final int CONTROL_BYTES = 26;

    private final Bytes bytes;
    private final long width;
    private final long height;
    private final long frames;
    private final Tally tally;

    private long controls;
    private long sequence;
    private boolean dataMissing;
    private boolean defaultImageSeen;

    PngAnimation(Bytes bytes, Tally tally, long width, long height, long frames, int at) throws DefectFound {
        this.bytes = bytes;
        this.tally = tally;
        this.width = width;
        this.height = height;
        this.frames = frames;
        if (frames < 1 || frames > Integer.MAX_VALUE) {
            throw malformed("The number of frames in chunk acTL is not from 1 to 2147483647.", at);
        }
        if (frames > 1) {
            tally.frames(width, height, frames - 1, at);
        }
    }

    /** An fcTL at {@code at}. */
    void control(int at, int count, boolean behindDefaultImage) throws DefectFound {
        if (count != CONTROL_BYTES) {
            throw malformed("Chunk fcTL has " + count + " bytes.", at);
        }
        if (dataMissing || controls > 0 && !behindDefaultImage) {
            throw malformed("A frame of the animation has no pixels.", at);
        }
        number(at);
        long frameWidth = bytes.intAt(at + 12);
        long frameHeight = bytes.intAt(at + 16);
        boolean onCanvas = frameWidth >= 1 && frameHeight >= 1
                && bytes.intAt(at + 20) + frameWidth <= width && bytes.intAt(at + 24) + frameHeight <= height;
        if (!onCanvas || !behindDefaultImage && (frameWidth != width || frameHeight != height)) {
            throw malformed("A frame of the animation does not fit the picture.", at);
        }
        if (++controls > frames) {
            throw malformed("The animation has more frames than the " + frames + " that chunk acTL says.", at);
        }
        dataMissing = behindDefaultImage;
    }

    /** An fdAT at {@code at}. */
    void data(int at, int count) throws DefectFound {
        if (count < 4 || !defaultImageSeen || controls == 0) {
            throw malformed("Chunk fdAT stands where none may, or has no number.", at);
        }
        number(at);
        dataMissing = false;
    }

    private void number(int at) throws DefectFound {
        if (bytes.intAt(at + 8) != sequence++) {
            throw malformed("The chunks of the animation are not numbered one after the other.", at);
        }
    }

    /** The first IDAT, or a further one: a picture of its own unless an fcTL made it the first frame. */
    void defaultImage() throws DefectFound {
        if (!defaultImageSeen && controls == 0) {
            tally.frame(width, height, 0);
        }
        defaultImageSeen = true;
    }

    void end(int at) throws DefectFound {
        if (dataMissing || controls != frames) {
            throw malformed("The animation has fewer frames than the " + frames + " that chunk acTL says.", at);
        }
    }
}
