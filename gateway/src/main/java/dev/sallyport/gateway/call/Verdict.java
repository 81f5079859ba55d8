package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletionStage;

/** What a control answers. */
public sealed interface Verdict permits Verdict.Pass, Verdict.Rewrite, Refusal, Verdict.Later {
    Pass PASS = new Pass();

    /** The call may go on to the next control. */
    record Pass() implements Verdict {}

    /**
     * The call may go on with another body than it came with; only {@link Control#whole} may answer so.
     *
     * @param body without any content coding; ownership passes to the path
     */
    record Rewrite(ByteBuf body) implements Verdict {
        public Rewrite {
            requireNonNull(body, "body is null");
        }
    }

    /**
     * The answer comes later; the call waits, and ends as a failed control when its deadline passes first.
     *
     * @param outcome completes on any thread, with what may be answered at once: {@link Pass}, {@link Refusal}, and on a
     *                whole body {@link Rewrite}
     * @param arrival runs on the call's event loop before that verdict is taken, unless the call has ended: the place to note on
     *                the call what was found
     */
    record Later(CompletionStage<? extends Verdict> outcome, Runnable arrival) implements Verdict {
        public Later {
            requireNonNull(outcome, "outcome is null");
            requireNonNull(arrival, "arrival is null");
        }

        public Later(CompletionStage<? extends Verdict> outcome) {
            this(outcome, () -> {});
        }
    }
}
