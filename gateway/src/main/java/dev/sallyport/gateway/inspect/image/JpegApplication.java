package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Signatures.latin;

/** What an application segment (APP0 to APP15) of a JPEG is for, by its marker and the name that it begins with. */
enum JpegApplication {
    /** Resolution, and rarely a thumbnail (ITU-T T.871). */
    JFIF(0, latin("JFIF\0"), 14, true),
    JFIF_EXTENSION(0, latin("JFXX\0"), 0, true),
    EXIF(1, latin("Exif\0"), 0, true),
    ICC_PROFILE(2, latin("ICC_PROFILE\0"), Integer.MAX_VALUE, false),
    /** An index of further pictures (CIPA DC-007). */
    MULTI_PICTURE(2, latin("MPF\0"), 0, false),
    /** JUMBF boxes: manifests of C2PA, with thumbnails. */
    BOXES(11, latin("JP"), 0, true),
    PHOTOSHOP(13, latin("Photoshop 3.0\0"), 0, true),
    /** The colour transform without which CMYK is read wrongly. */
    ADOBE(14, latin("Adobe"), 12, false),
    /** All others. */
    OTHER(-1, latin(""), 0, false);

    private static final JpegApplication[] ALL = values();

    private final int number;
    private final byte[] name;
    private final int keptBytes;
    private final boolean thumbnail;

    JpegApplication(int number, byte[] name, int keptBytes, boolean thumbnail) {
        this.number = number;
        this.name = name;
        this.keptBytes = keptBytes;
        this.thumbnail = thumbnail;
    }

    static JpegApplication of(Bytes bytes, int marker, int start, int count) {
        for (JpegApplication kind : ALL) {
            if (kind.number == marker - JpegMarker.FIRST_APPLICATION && kind.name.length <= count
                    && bytes.matches(start, kind.name)) {
                return kind;
            }
        }
        return OTHER;
    }

    /** How much of it stays when metadata is taken out, because the pixels' looks depend on it. */
    int keptBytes() {
        return keptBytes;
    }

    boolean mayHoldThumbnail() {
        return thumbnail;
    }
}
