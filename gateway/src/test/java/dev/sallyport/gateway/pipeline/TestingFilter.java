package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.AnswerFilter;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Headers;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** A filter of one answer that does what a test tells it to, and counts how often it is closed. */
final class TestingFilter implements AnswerFilter {
    private final AtomicInteger closed = new AtomicInteger();
    private final StringBuilder seen = new StringBuilder();
    private Function<String, AnswerStep> onChunk = TestingAnswerControl::go;
    private Supplier<AnswerStep> onEnd = () -> TestingAnswerControl.go("");
    private Runnable onClose = () -> {};

    TestingFilter onChunk(Function<String, AnswerStep> action) {
        onChunk = action;
        return this;
    }

    TestingFilter onEnd(Supplier<AnswerStep> action) {
        onEnd = action;
        return this;
    }

    TestingFilter onClose(Runnable action) {
        onClose = action;
        return this;
    }

    int closed() {
        return closed.get();
    }

    String seen() {
        return seen.toString();
    }

    @Override
    public AnswerStep chunk(ByteBuf chunk) {
        String text = chunk.toString(StandardCharsets.UTF_8);
        chunk.release();
        if (closed.get() > 0) {
            throw new IllegalStateException("a chunk came behind the end");
        }
        seen.append(text);
        return onChunk.apply(text);
    }

    @Override
    public AnswerStep end(Headers trailers) {
        return onEnd.get();
    }

    @Override
    public void close() {
        closed.incrementAndGet();
        onClose.run();
    }
}
