package dev.sallyport.gateway.inspect.image;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The formats of pictures whose structure is read. */
public enum ImageFormat {
    PNG("PNG", "image/png"),
    JPEG("JPEG", "image/jpeg"),
    GIF("GIF", "image/gif"),
    WEBP("WebP", "image/webp"),
    BMP("BMP", "image/bmp"),
    TIFF("TIFF", "image/tiff");

    /** Bytes of a body that {@link #sniff} looks at; one that is shorter may be too short to be told. */
    public static final int SNIFF_BYTES = 18;

    private final String title;
    private final String mediaType;

    ImageFormat(String title, String mediaType) {
        this.title = title;
        this.mediaType = mediaType;
    }

    /** The registered media type, in lower case. */
    public String mediaType() {
        return mediaType;
    }

    /** How people write its name. */
    @Override
    public String toString() {
        return title;
    }

    /**
     * The format whose magic bytes {@code body} begins with; says nothing of what follows.
     *
     * @param body read without moving its indices
     * @return null: none of these
     */
    public static @Nullable ImageFormat sniff(ByteBuf body) {
        requireNonNull(body, "body is null");
        return Signatures.formatAt(Bytes.of(body, Math.min(body.readableBytes(), SNIFF_BYTES)), 0);
    }
}
