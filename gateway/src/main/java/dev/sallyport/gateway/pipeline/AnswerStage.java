package dev.sallyport.gateway.pipeline;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.AnswerHandling;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** What one control does with one answer's body, streaming, whole or withheld, behind the same verbs. */
abstract sealed class AnswerStage {
    private final String name;
    private boolean closed;

    private AnswerStage(String name) {
        this.name = name;
    }

    final String name() {
        return name;
    }

    /** Whether it holds the body back, and so the head, until it has decided. */
    abstract boolean gathers();

    /** Whether as many bytes leave it as enter it. */
    abstract boolean keepsLength();

    /** Takes ownership of {@code bytes}. */
    abstract AnswerStep chunk(ByteBuf bytes);

    /** The body has ended. */
    abstract AnswerStep end(Headers trailers);

    /** There is no body: what takes the answer's place; null when it may go out. */
    @Nullable
    Refusal withoutBody() {
        return null;
    }

    final void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    abstract void release();

    static final class Filtering extends AnswerStage {
        private final AnswerHandling.Stream stream;

        Filtering(String name, AnswerHandling.Stream stream) {
            super(name);
            this.stream = stream;
        }

        @Override
        boolean gathers() {
            return false;
        }

        @Override
        boolean keepsLength() {
            return stream.keepsLength();
        }

        @Override
        AnswerStep chunk(ByteBuf bytes) {
            return requireNonNull(stream.filter().chunk(bytes), "step is null");
        }

        @Override
        AnswerStep end(Headers trailers) {
            return requireNonNull(stream.filter().end(trailers), "step is null");
        }

        @Override
        void release() {
            stream.filter().close();
        }
    }

    static final class Gathering extends AnswerStage {
        private final AnswerHandling.Whole whole;
        private final BodyBuffer buffer;

        Gathering(String name, AnswerHandling.Whole whole) {
            super(name);
            this.whole = whole;
            buffer = new BodyBuffer(whole.bytesMax());
        }

        @Override
        boolean gathers() {
            return true;
        }

        @Override
        boolean keepsLength() {
            return false;
        }

        @Override
        AnswerStep chunk(ByteBuf bytes) {
            return buffer.take(bytes) ? new AnswerStep.Go(Unpooled.EMPTY_BUFFER) : whole.tooLarge();
        }

        @Override
        AnswerStep end(Headers trailers) {
            return requireNonNull(whole.body().whole(buffer.hand()), "step is null");
        }

        @Override
        void release() {
            buffer.release();
        }
    }

    static final class Withholding extends AnswerStage {
        private final AnswerHandling.Withhold withhold;
        private final BodyBuffer beginning = new BodyBuffer(Integer.MAX_VALUE);

        Withholding(String name, AnswerHandling.Withhold withhold) {
            super(name);
            this.withhold = withhold;
        }

        @Override
        boolean gathers() {
            return true;
        }

        @Override
        boolean keepsLength() {
            return false;
        }

        @Override
        AnswerStep chunk(ByteBuf bytes) {
            beginning.take(bytes);
            return beginning.bytes() < withhold.bytesMax() ? new AnswerStep.Go(Unpooled.EMPTY_BUFFER) : instead();
        }

        @Override
        AnswerStep end(Headers trailers) {
            return instead();
        }

        @Override
        Refusal withoutBody() {
            return instead();
        }

        private Refusal instead() {
            ByteBuf begun = beginning.hand();
            try {
                return requireNonNull(withhold.instead().of(begun), "refusal is null");
            } finally {
                begun.release();
            }
        }

        @Override
        void release() {
            beginning.release();
        }
    }
}
