package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

/** What an answer control does with one answer. */
public sealed interface AnswerHandling
        permits AnswerHandling.Pass, AnswerHandling.Stream, AnswerHandling.Whole, Refusal {
    Pass PASS = new Pass();

    /** The body passes unseen. */
    record Pass() implements AnswerHandling {}

    /**
     * The body passes through a filter as it comes.
     *
     * @param keepsLength whether the filter passes exactly the bytes that it is given, so that a declared length stays true
     */
    record Stream(AnswerFilter filter, boolean keepsLength) implements AnswerHandling {
        public Stream {
            requireNonNull(filter, "filter is null");
        }
    }

    /**
     * The whole body is gathered before its head goes out.
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
}
