package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.AnswerHandling;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** What one control does with one answer's body, streaming or whole, behind the same verbs. */
abstract sealed class AnswerStage {
    private final String name;
    private boolean closed;

    private AnswerStage(String name) {
        this.name = name;
    }

    final String name() {
        return name;
    }

    /** Whether it holds the body back until all of it is there. */
    abstract boolean gathers();

    /** Whether as many bytes leave it as enter it. */
    abstract boolean keepsLength();

    /** Takes ownership of {@code bytes}. */
    abstract AnswerStep chunk(ByteBuf bytes);

    void trailers(Headers trailers) {}

    abstract AnswerStep end();

    final void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    abstract void release();

    static final class Filtering extends AnswerStage {
        private final AnswerHandling.Stream stream;
        private Headers trailers = new Headers(0);

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
            return stream.filter().chunk(bytes);
        }

        @Override
        void trailers(Headers received) {
            trailers = received;
        }

        @Override
        AnswerStep end() {
            return stream.filter().end(trailers);
        }

        @Override
        void release() {
            stream.filter().close();
        }
    }

    static final class Gathering extends AnswerStage {
        private final AnswerHandling.Whole whole;
        private @Nullable BodyBuffer buffer;

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
            if (buffer == null) {
                bytes.release();
                throw new IllegalStateException("an answer went on behind its end");
            }
            return buffer.take(bytes) ? new AnswerStep.Go(Unpooled.EMPTY_BUFFER) : whole.tooLarge();
        }

        @Override
        AnswerStep end() {
            if (buffer == null) {
                throw new IllegalStateException("an answer ended twice");
            }
            ByteBuf body = buffer.hand();
            release();
            return whole.body().whole(body);
        }

        @Override
        void release() {
            if (buffer != null) {
                buffer.release();
                buffer = null;
            }
        }
    }
}
