package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;

/** What an answer control passes on. */
public sealed interface AnswerStep permits AnswerStep.Go, AnswerStep.Last, Refusal {
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
}
