package dev.sallyport.gateway.inspect;

import static dev.sallyport.gateway.inspect.ContentRefusals.malformed;
import static dev.sallyport.gateway.inspect.ContentRefusals.notAccepted;
import static dev.sallyport.gateway.inspect.ContentRefusals.tooLarge;

import dev.sallyport.gateway.inspect.Finding.Sound;
import dev.sallyport.gateway.inspect.image.Defect;
import dev.sallyport.gateway.inspect.image.ImageFormat;
import dev.sallyport.gateway.inspect.image.Picture;
import dev.sallyport.gateway.inspect.image.PictureReader;
import dev.sallyport.gateway.inspect.image.PictureStripper;
import dev.sallyport.gateway.inspect.image.StripOutcome;
import dev.sallyport.gateway.inspect.media.Signature;
import io.netty.buffer.ByteBuf;

/** Looks at pictures: their structure, their size once decoded, what else is in them; and takes metadata out where the rule says so. */
final class PictureInspector {
    private final MediaRanges accepts;
    private final PictureRule rule;

    PictureInspector(MediaRanges accepts, PictureRule rule) {
        this.accepts = accepts;
        this.rule = rule;
    }

    /** Whether pictures of this type can be read. */
    static boolean reads(String essence) {
        String canonical = Signature.canonical(essence);
        for (ImageFormat format : ImageFormat.values()) {
            if (format.mediaType().equals(canonical)) {
                return true;
            }
        }
        return false;
    }

    Finding inspect(ByteBuf content, String part) {
        return switch (PictureReader.read(content, rule.limits())) {
            case Picture picture -> rule.strip() ? stripped(content, picture, part)
                    : new Sound(1, picture.pixels(), null);
            case Defect(Defect.Kind kind, String text, long offset) -> switch (kind) {
                case MALFORMED, TRUNCATED, SECOND_FORMAT, TRAILING_DATA ->
                        malformed(part, clause(text) + " (byte " + offset + ")");
                case TOO_MANY_PIXELS -> tooLarge(part, clause(text), rule.limits().pixels());
                case TOO_MANY_FRAMES -> tooLarge(part, clause(text), rule.limits().frames());
                case TOO_MANY_PARTS -> malformed(part, clause(text));
                case UNSUPPORTED -> notAccepted(part, accepts, clause(text));
            };
        };
    }

    private Finding stripped(ByteBuf content, Picture picture, String part) {
        return switch (PictureStripper.strip(content, picture)) {
            case StripOutcome.Stripped(ByteBuf body) -> new Sound(1, picture.pixels(), body);
            case StripOutcome.Unchanged _ -> new Sound(1, picture.pixels(), null);
            case StripOutcome.NotStrippable(ImageFormat format) -> notAccepted(part, accepts,
                    "it holds metadata, which cannot be taken out of a " + format
                            + " on the way; send it without, or as JPEG or PNG");
        };
    }

    /** A sentence as a clause within another. */
    private static String clause(String sentence) {
        String clause = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
        boolean word = clause.length() > 1 && Character.isLowerCase(clause.charAt(1));
        return word ? Character.toLowerCase(clause.charAt(0)) + clause.substring(1) : clause;
    }
}
