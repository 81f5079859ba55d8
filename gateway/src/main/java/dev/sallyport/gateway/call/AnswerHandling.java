package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;

/** What an answer control does with one answer. */
public sealed interface AnswerHandling
        permits AnswerHandling.Pass, AnswerHandling.Stream, AnswerHandling.Whole, AnswerHandling.Withhold, Refusal {
    Pass PASS = new Pass();

    /** The body passes unseen. */
    record Pass() implements AnswerHandling {}

    /**
     * The body passes through a filter as it comes.
     *
     * @param keepsLength whether the filter passes exactly the bytes that it is given and never ends the answer early, so
     *                    that a declared length stays true
     */
    record Stream(AnswerFilter filter, boolean keepsLength) implements AnswerHandling {
        public Stream {
            requireNonNull(filter, "filter is null");
        }
    }

    /**
     * The whole body is gathered before its head goes out. Not for a tunnel. Without a body nothing is asked.
     *
     * @param bytesMax at most so many bytes
     * @param tooLarge what the call ends with when there are more
     */
    record Whole(long bytesMax, Refusal tooLarge, AnswerBody body) implements AnswerHandling {
        public Whole {
            requireNonNull(tooLarge, "tooLarge is null");
            requireNonNull(body, "body is null");
        }
    }

    /**
     * A refusal takes the answer's place. The beginning of the body is gathered first, so that it can be told from that.
     * Not for a tunnel.
     *
     * @param bytesMax at about so many bytes, or at the end of the body, {@code instead} is asked
     */
    record Withhold(int bytesMax, Instead instead) implements AnswerHandling {
        /** Makes the refusal from the beginning of a body, which stays the path's and is empty when there is no body. */
        @FunctionalInterface
        public interface Instead {
            Refusal of(ByteBuf beginning);
        }

        public Withhold {
            requireNonNull(instead, "instead is null");
        }
    }
}
