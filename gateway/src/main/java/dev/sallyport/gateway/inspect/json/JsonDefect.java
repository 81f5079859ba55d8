package dev.sallyport.gateway.inspect.json;

import static java.util.Objects.requireNonNull;

/**
 * What is wrong with a JSON text, and where.
 *
 * @param what    one sentence without its full stop; holds nothing of the text's values
 * @param pointer to the value at fault (RFC 6901), shortened when it is long; empty: the whole text
 * @param offset  of the first byte at fault, from 0; -1 when the fault is in no single place
 * @param limit   that was passed; -1 when the fault is another
 */
public record JsonDefect(Reason reason, String what, String pointer, long offset, long limit) implements JsonOutcome {
    /** The kinds of defect, which a caller must be able to tell apart. */
    public enum Reason {
        /** Not JSON (RFC 8259), or two readers could understand it differently, or its tensors contradict themselves. */
        MALFORMED,
        /** A part is over its limit. */
        TOO_LARGE,
        /** More instances than one call may ask for. */
        TOO_MANY_INSTANCES,
        /** Sound, but not what the model's schema allows. */
        SCHEMA_VIOLATED
    }

    public JsonDefect {
        requireNonNull(reason, "reason is null");
        requireNonNull(what, "what is null");
        requireNonNull(pointer, "pointer is null");
    }

    /** A fault that is no matter of a limit. */
    public JsonDefect(Reason reason, String what, String pointer, long offset) {
        this(reason, what, pointer, offset, -1);
    }

    /** The whole finding as one sentence for the caller to read. */
    public String detail() {
        String where = pointer.isEmpty() ? "" : " at " + pointer;
        return "The JSON " + what + where + (offset < 0 ? "." : " (byte " + offset + ").");
    }
}
