package dev.sallyport.gateway.inspect.coding;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;

/** What decoding a body yields. */
public sealed interface DecodeOutcome {
    /** @param body contiguous; whoever receives this record owns it */
    record Decoded(ByteBuf body) implements DecodeOutcome {
        public Decoded {
            requireNonNull(body, "body is null");
        }
    }

    /**
     * More would have come out than is allowed.
     *
     * @param limit bytes
     * @param ratio whether it is the ratio that set the limit
     */
    record TooLarge(long limit, boolean ratio) implements DecodeOutcome {}

    /** @param what a clause that names the coding and says how it is broken */
    record Malformed(String what) implements DecodeOutcome {
        public Malformed {
            requireNonNull(what, "what is null");
        }
    }
}
