package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletionStage;

/** What a control answers. */
public sealed interface Verdict permits Verdict.Pass, Refusal, Verdict.Later {
    Pass PASS = new Pass();

    /** The call may go on to the next control. */
    record Pass() implements Verdict {}

    /**
     * The answer comes later; the call waits, and ends as a failed control when its deadline passes first.
     *
     * @param outcome completes on any thread, with {@link Pass} or {@link Refusal}
     */
    record Later(CompletionStage<? extends Verdict> outcome) implements Verdict {
        public Later {
            requireNonNull(outcome, "outcome is null");
        }
    }
}
