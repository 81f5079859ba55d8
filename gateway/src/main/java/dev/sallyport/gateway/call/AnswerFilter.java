package dev.sallyport.gateway.call;

import io.netty.buffer.ByteBuf;

/** Looks at one answer's body as it passes, and may change it or end it. Lives for one call, on its event loop. */
public interface AnswerFilter {
    /**
     * Answers on one part of the body.
     *
     * @param chunk ownership passes to the filter, also when it throws
     */
    AnswerStep chunk(ByteBuf chunk);

    /** The upstream has ended the answer: what is still to be passed on, and possibly nothing. */
    AnswerStep end(Headers trailers);

    /** Releases what is held. Called exactly once, however the call ends, also when neither end was reached. */
    void close();
}
