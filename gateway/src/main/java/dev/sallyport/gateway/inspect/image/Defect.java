package dev.sallyport.gateway.inspect.image;

import static java.util.Objects.requireNonNull;

/**
 * Why a body is not one picture within its limits.
 *
 * @param text   one sentence naming the part, and the limit if one was passed; repeats nothing of the body but numbers
 *               and the names of parts
 * @param offset bytes from the start of the body
 */
public record Defect(Kind kind, String text, long offset) implements PictureOutcome {
    public Defect {
        requireNonNull(kind, "kind is null");
        requireNonNull(text, "text is null");
    }

    /** What is wrong. */
    public enum Kind {
        /** A rule of the format is broken. */
        MALFORMED,
        /** The body ends before the picture does. */
        TRUNCATED,
        /** Another format lies inside or behind the picture. */
        SECOND_FORMAT,
        /** Bytes that belong to no part lie behind the picture. */
        TRAILING_DATA,
        /** More than {@link PictureLimits#pixels}. */
        TOO_MANY_PIXELS,
        /** More than {@link PictureLimits#frames}. */
        TOO_MANY_FRAMES,
        /** More parts (chunks, segments, scans, directories) than any honest picture has. */
        TOO_MANY_PARTS,
        /** No format that is read here, or a form of one that is not. */
        UNSUPPORTED
    }
}
