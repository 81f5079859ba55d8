package dev.sallyport.gateway.inspect.fuzz;

import dev.sallyport.gateway.inspect.image.Picture;
import dev.sallyport.gateway.inspect.image.PictureLimits;
import dev.sallyport.gateway.inspect.image.PictureReader;
import dev.sallyport.gateway.inspect.image.PictureStripper;
import dev.sallyport.gateway.inspect.image.StripOutcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Any bytes as a picture: the reader answers, and what it takes for a picture is the same picture without its
 * metadata (and without the further pictures that a multi-picture JPEG keeps in it).
 */
public final class PictureFuzz {
    private static final PictureLimits LIMITS = new PictureLimits(50_000_000, 100);

    private PictureFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuf body = Unpooled.wrappedBuffer(input);
        if (!(PictureReader.read(body, LIMITS) instanceof Picture picture)) {
            return;
        }
        if (!(PictureStripper.strip(body, picture) instanceof StripOutcome.Stripped(ByteBuf stripped))) {
            return;
        }
        try {
            if (!(PictureReader.read(stripped, LIMITS) instanceof Picture again) || again.metadata()
                    || again.width() != picture.width() || again.height() != picture.height()
                    || again.frames() > picture.frames() || again.pixels() > picture.pixels()) {
                throw new AssertionError(picture + " became " + PictureReader.read(stripped, LIMITS));
            }
        } finally {
            stripped.release();
        }
    }
}
