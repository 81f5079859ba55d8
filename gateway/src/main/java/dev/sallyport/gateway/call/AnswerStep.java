package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletionStage;

/** What an answer control passes on. */
public sealed interface AnswerStep permits AnswerStep.Go, AnswerStep.Last, AnswerStep.Later, Refusal {
    /**
     * These bytes, and the answer goes on.
     *
     * @param bytes possibly none; ownership passes to the path
     */
    record Go(ByteBuf bytes) implements AnswerStep {
        public Go {
            requireNonNull(bytes, "bytes is null");
        }
    }

    /**
     * These bytes, and the answer ends although the upstream would go on, which is cancelled. To the client it is whole.
     *
     * @param bytes  possibly none; ownership passes to the path
     * @param reason for the record
     */
    record Last(ByteBuf bytes, Refusal reason) implements AnswerStep {
        public Last {
            requireNonNull(bytes, "bytes is null");
            requireNonNull(reason, "reason is null");
        }
    }

    /**
     * What is passed on comes later, and the call waits; it ends as a failed control when its deadline passes first. Only the end
     * of a body may be answered so.
     *
     * @param outcome completes on any thread, with anything but this
     * @param arrival runs on the call's event loop before that step is taken, unless the call has ended: the place to note on
     *                the call or in the head what was found
     */
    record Later(CompletionStage<? extends AnswerStep> outcome, Runnable arrival) implements AnswerStep {
        public Later {
            requireNonNull(outcome, "outcome is null");
            requireNonNull(arrival, "arrival is null");
        }
    }
}
