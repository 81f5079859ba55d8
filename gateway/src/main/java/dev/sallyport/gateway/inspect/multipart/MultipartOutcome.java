package dev.sallyport.gateway.inspect.multipart;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What reading a multipart body yields. */
public sealed interface MultipartOutcome {
    /** @param parts at least one, in their order */
    record Parts(List<Part> parts) implements MultipartOutcome {
        public Parts {
            parts = List.copyOf(parts);
        }
    }

    /**
     * The body is broken, or two readers could see other parts in it.
     *
     * @param part how the part at fault is called; {@code body} when it is none
     * @param what a clause that says what is wrong
     */
    record Malformed(String part, String what) implements MultipartOutcome {
        public Malformed {
            requireNonNull(part, "part is null");
            requireNonNull(what, "what is null");
        }
    }

    /** A piece is over its limit; the names as in {@link Malformed}. */
    record TooLarge(String part, String what, long limit) implements MultipartOutcome {
        public TooLarge {
            requireNonNull(part, "part is null");
            requireNonNull(what, "what is null");
        }
    }
}
