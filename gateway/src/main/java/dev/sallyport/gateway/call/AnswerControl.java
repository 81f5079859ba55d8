package dev.sallyport.gateway.call;

/**
 * One check of what a model answers, on its way to the client. Runs on the call's event loop and must not block it; one
 * that throws refuses. An instance belongs to one snapshot and is shared by all event loops; what it must remember of one
 * answer it keeps in the {@link AnswerFilter} or {@link AnswerBody} that it hands out.
 */
public interface AnswerControl {
    /** What the record and the access log call it. */
    String name();

    /**
     * Whether it reads the body of this call's answer. The upstream is then asked for a whole answer without content
     * coding, since a part of one or an encoded one could not be read.
     */
    default boolean readsBody(Call call) {
        return false;
    }

    /**
     * Says what is to happen to an answer. Asked once, when the head of the answer that counts arrives.
     *
     * @param head its fields may be changed here
     */
    AnswerHandling open(Call call, ResponseHead head);

    /**
     * Looks at the fields behind the body, when there are any, whatever became of the body before.
     *
     * @param trailers may be changed here
     */
    default void trailers(Call call, Headers trailers) {}
}
