package dev.sallyport.gateway.inspect.image;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.inspect.image.StripOutcome.NotStrippable;
import dev.sallyport.gateway.inspect.image.StripOutcome.Stripped;
import dev.sallyport.gateway.inspect.image.StripOutcome.Unchanged;
import io.netty.buffer.ByteBuf;

/**
 * Takes metadata out of a picture: Exif with its position and thumbnail, XMP, IPTC, comments, texts, times, further pictures of a
 * multi-picture JPEG, and every part that is not known to be needed. Coded pixels stay as they are, and so does what their looks
 * depend on: colour profile, gamma, transparency, animation, and the orientation as the only Exif field.
 */
public final class PictureStripper {
    private PictureStripper() {}

    /**
     * Takes the metadata out of {@code body}.
     *
     * @param body    read without moving its indices; the caller keeps ownership
     * @param picture what {@link PictureReader} made of {@code body}
     */
    public static StripOutcome strip(ByteBuf body, Picture picture) {
        requireNonNull(body, "body is null");
        requireNonNull(picture, "picture is null");
        if (!picture.metadata()) {
            return new Unchanged();
        }
        return switch (picture.format()) {
            case PNG -> written(body, PngStripper::strip);
            case JPEG -> written(body, JpegStripper::strip);
            case GIF -> written(body, GifStripper::strip);
            case WEBP -> written(body, WebpStripper::strip);
            case BMP, TIFF -> new NotStrippable(picture.format());
        };
    }

    private static Stripped written(ByteBuf body, Writer writer) {
        ByteBuf target = body.alloc().buffer(body.readableBytes());
        try {
            writer.write(body, Bytes.of(body), target);
        } catch (RuntimeException | Error failure) {
            target.release();
            throw failure;
        }
        return new Stripped(target);
    }

    /** Writes what is kept of a body that was read without defect. */
    @FunctionalInterface
    private interface Writer {
        /** @param bytes the same as {@code body} */
        void write(ByteBuf body, Bytes bytes, ByteBuf target);
    }
}
