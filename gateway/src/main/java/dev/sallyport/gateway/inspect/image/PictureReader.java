package dev.sallyport.gateway.inspect.image;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body as one picture: its headers and the structure around its pixels, never the pixels. Takes time in proportion to
 * the size of the body, and memory for a few small objects whatever the body says.
 */
public final class PictureReader {
    private PictureReader() {}

    /**
     * Reads {@code body} in the format that its magic bytes say.
     *
     * @param body the whole body, or one part of it; read without moving its indices
     */
    public static PictureOutcome read(ByteBuf body, PictureLimits limits) {
        requireNonNull(body, "body is null");
        requireNonNull(limits, "limits is null");
        Bytes bytes = Bytes.of(body);
        try {
            return read(bytes, new Tally(limits), new SecondFormat(bytes));
        } catch (DefectFound found) {
            return found.defect();
        }
    }

    private static Picture read(Bytes bytes, Tally tally, SecondFormat secondFormat) throws DefectFound {
        @Nullable ImageFormat format = Signatures.formatAt(bytes, 0);
        if (format == null) {
            throw Signatures.isPrefix(bytes)
                    ? DefectFound.truncated("the first bytes of a picture", bytes.length())
                    : DefectFound.unsupported("The body begins like none of PNG, JPEG, GIF, WebP, BMP and TIFF.", 0);
        }
        secondFormat.headAndTail();
        return switch (format) {
            case PNG -> PngReader.read(bytes, tally, secondFormat);
            case JPEG -> JpegReader.read(bytes, tally, secondFormat);
            case GIF -> GifReader.read(bytes, tally, secondFormat);
            case WEBP -> WebpReader.read(bytes, tally, secondFormat);
            case BMP -> BmpReader.read(bytes, tally, secondFormat);
            case TIFF -> TiffReader.read(bytes, tally, secondFormat);
        };
    }
}
