package dev.sallyport.app.config;

import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.Shape;
import java.util.Map;

/** The keys for what the bodies of a model's requests may hold. */
final class ContentKeys {
    /** What {@code images: off} stands for. */
    static final Key<Boolean> IMAGES_INSPECT = inspect("pictures");
    static final Key<Integer> MEGAPIXELS = Key.with("megapixels", Words.number(1, 10_000), "50",
            "Millions of pixels that a picture may have, all its frames together; a larger one is refused before anything decodes it.");
    static final Key<Integer> FRAMES = Key.with("frames", Words.number(1, 100_000), "1",
            "Frames or pages that a picture may have.");
    static final Key<Boolean> METADATA = Key.with("metadata", Words.choice(Map.of("keep", false, "strip", true)),
            "keep",
            "Whether Exif, positions, thumbnails, XMP and comments reach the model, or are taken out on the way.");
    static final SectionKey IMAGES = new SectionKey("images", new Shape.OneOrValue(IMAGES_INSPECT),
            Section.of("models.NAME.images", IMAGES_INSPECT, MEGAPIXELS, FRAMES, METADATA),
            "What pictures may be sent. Pictures are read where `accepts` names an image type; `off` passes them unread.");

    static final Key<Boolean> MULTIPART_INSPECT = inspect("forms");
    static final Key<Integer> PARTS = Key.with("parts", Words.number(1, 10_000), "16", "Parts that a form may have.");
    static final Key<String> NAMES =
            Key.several("names", Words.LABEL, "The fields that a form may have. Absent: any.");
    static final SectionKey MULTIPART = new SectionKey("multipart", new Shape.OneOrValue(MULTIPART_INSPECT),
            Section.of("models.NAME.multipart", MULTIPART_INSPECT, PARTS, NAMES),
            "What forms may be sent. Forms and the content of each part are read where `accepts` names multipart/form-data; `off` passes them unread.");

    static final Key<Integer> RATIO = Key.with("ratio", Words.number(1, 100_000), "100",
            "Bytes that may come out of each byte that came in; what comes to 64 KiB or less may exceed it.");
    static final Key<Long> SIZE =
            Key.with("size", Quantities.SIZE, "64 MiB", "Bytes that may come out of one body, 1 GiB at most.");
    static final SectionKey INFLATE = new SectionKey("inflate", new Shape.One(),
            Section.of("models.NAME.inflate", RATIO, SIZE),
            "How far a body with a content coding (gzip, deflate, br, zstd) is decoded to be read.");

    private ContentKeys() {}

    private static Key<Boolean> inspect(String what) {
        return Key.with("inspect", Words.choice(Map.of("on", true, "off", false)), "on",
                "Whether " + what + " are read.");
    }
}
