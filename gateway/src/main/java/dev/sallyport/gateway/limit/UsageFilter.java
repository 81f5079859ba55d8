package dev.sallyport.gateway.limit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sallyport.gateway.call.AnswerFilter;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.ProblemBody;
import dev.sallyport.gateway.call.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ByteProcessor;

/** Lets an answer pass as it is while it reads what was used. */
abstract sealed class UsageFilter implements AnswerFilter {
    final UsageReader usage;

    private UsageFilter(UsageReader usage) {
        this.usage = usage;
    }

    @Override
    public AnswerStep end(Headers trailers) {
        return new AnswerStep.Go(Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void close() {}

    /** An answer that is one text of JSON. */
    static final class OfJson extends UsageFilter {
        private final ByteProcessor reading = value -> {
            usage.read(value);
            return true;
        };

        OfJson(UsageReader usage) {
            super(usage);
        }

        @Override
        public AnswerStep chunk(ByteBuf chunk) {
            chunk.forEachByte(reading);
            usage.tell();
            return new AnswerStep.Go(chunk);
        }
    }

    /** A stream of server-sent events. It ends behind the event with which all that is to be had is used. */
    static final class OfEvents extends UsageFilter {
        private static final byte[] ERROR = "event: error\ndata: ".getBytes(US_ASCII);
        private static final byte[] END = "\n".getBytes(US_ASCII);

        private final Holding held;
        private final EventLines lines = new EventLines();
        private final ByteProcessor untilUsedUp = this::goesOn;

        OfEvents(Holding held, UsageReader usage) {
            super(usage);
            this.held = held;
        }

        @Override
        public AnswerStep chunk(ByteBuf chunk) {
            int last;
            try {
                last = chunk.forEachByte(untilUsedUp);
            } catch (RuntimeException undecided) {
                chunk.release();
                throw undecided;
            }
            if (last < 0) {
                return new AnswerStep.Go(chunk);
            }
            Refusal reason = held.usedUp();
            chunk.writerIndex(last + 1);
            ByteBuf problem = Unpooled.wrappedBuffer(ERROR, ProblemBody.render(reason, held.callId()), END);
            return new AnswerStep.Last(Unpooled.wrappedBuffer(chunk, problem), reason);
        }

        private boolean goesOn(byte value) {
            switch (lines.next(value)) {
                case OTHER -> {}
                case DATA -> usage.read(value);
                case DATA_END -> usage.read((byte) '\n');
                case EVENT_END -> {
                    usage.eventEnded();
                    return held.covered();
                }
            }
            return true;
        }
    }
}
