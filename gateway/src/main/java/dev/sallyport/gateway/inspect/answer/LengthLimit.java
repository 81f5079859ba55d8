package dev.sallyport.gateway.inspect.answer;

import dev.sallyport.gateway.call.AnswerFilter;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Lets a body of undeclared length pass until it is longer than allowed. */
final class LengthLimit implements AnswerFilter {
    private final Refusal tooLarge;
    private long bytesLeft;

    LengthLimit(long bytesMax, Refusal tooLarge) {
        this.tooLarge = tooLarge;
        bytesLeft = bytesMax;
    }

    @Override
    public AnswerStep chunk(ByteBuf chunk) {
        bytesLeft -= chunk.readableBytes();
        if (bytesLeft < 0) {
            chunk.release();
            return tooLarge;
        }
        return new AnswerStep.Go(chunk);
    }

    @Override
    public AnswerStep end(Headers trailers) {
        return new AnswerStep.Go(Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void close() {}
}
