package dev.sallyport.gateway.inspect.image;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;

/** What taking the metadata out of a picture came to. */
public sealed interface StripOutcome {
    /**
     * The picture without metadata.
     *
     * @param body a new buffer; whoever gets it owns it
     */
    record Stripped(ByteBuf body) implements StripOutcome {
        public Stripped {
            requireNonNull(body, "body is null");
        }
    }

    /** There was no metadata to take out: the body can pass as it came. */
    record Unchanged() implements StripOutcome {}

    /** The picture carries metadata, and its format interleaves it with the picture so that it cannot be taken out. */
    record NotStrippable(ImageFormat format) implements StripOutcome {
        public NotStrippable {
            requireNonNull(format, "format is null");
        }
    }
}
