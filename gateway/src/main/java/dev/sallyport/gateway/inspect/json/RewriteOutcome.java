package dev.sallyport.gateway.inspect.json;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;

/** What became of a text that was to be rewritten. */
public sealed interface RewriteOutcome {
    /** Nothing had to be changed. */
    Unchanged UNCHANGED = new Unchanged();

    /** @param body the new text; belongs to whoever asked */
    record Rewritten(ByteBuf body) implements RewriteOutcome {
        public Rewritten {
            requireNonNull(body, "body is null");
        }
    }

    record Unchanged() implements RewriteOutcome {}

    /** @param why one sentence without its full stop, which holds nothing of the text's values */
    record Unreadable(String why) implements RewriteOutcome {
        public Unreadable {
            requireNonNull(why, "why is null");
        }
    }
}
