package dev.sallyport.gateway.call;

import io.netty.buffer.ByteBuf;

/** Answers on the whole body of one answer. */
@FunctionalInterface
public interface AnswerBody {
    /**
     * Says what is passed on instead: possibly {@code body} itself.
     *
     * @param body ownership passes here, also when it throws
     */
    AnswerStep whole(ByteBuf body);
}
