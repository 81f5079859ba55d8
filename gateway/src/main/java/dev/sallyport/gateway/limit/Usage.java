package dev.sallyport.gateway.limit;

import org.jspecify.annotations.Nullable;

/**
 * Where an answer states how much was used: a whole number, or one with decimals, which is rounded up.
 *
 * @param header  the lower-case name of a field of the answer; it goes before the others; null: none
 * @param pointer a JSON Pointer (RFC 6901) into a body that is JSON; null: none
 * @param event   a JSON Pointer into the data of server-sent events; the last event that has it counts; null: none
 */
public record Usage(@Nullable String header, @Nullable String pointer, @Nullable String event) {
    public Usage {
        if (header == null && pointer == null && event == null) {
            throw new IllegalArgumentException("a usage has no place");
        }
    }

    /** Whether the body of the answer may have to be read for it. */
    boolean inBody() {
        return pointer != null || event != null;
    }
}
