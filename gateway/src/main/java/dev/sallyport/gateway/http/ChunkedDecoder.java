package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RefusalCode;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Takes a chunked body apart (RFC 9112 section 7.1). Strict: sizes are up to 16 hexadecimal digits without white space, lines
 * end with CR LF, extensions obey their grammar and are dropped. Reused for one body after another.
 */
final class ChunkedDecoder {
    private static final int SIZE_DIGITS_MAX = 16;

    private enum State {
        SIZE_FIRST, SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILERS, DONE
    }

    private final Limits limits;
    private final TrailerParser trailers;
    private final ChunkExtension extension = new ChunkExtension();

    private State state = State.SIZE_FIRST;
    private long remaining;
    private int digits;
    private int extensionBytes;

    ChunkedDecoder(Limits limits, Scratch scratch) {
        this.limits = limits;
        trailers = new TrailerParser(limits, scratch);
    }

    /** Begins with the next body. */
    void begin() {
        state = State.SIZE_FIRST;
        digits = 0;
        remaining = 0;
        extensionBytes = 0;
    }

    /** Whether the body has come whole, trailers included. */
    boolean done() {
        return state == State.DONE;
    }

    /** Whether a line of the framing has begun and not ended. */
    boolean withinFraming() {
        return state != State.DATA && state != State.SIZE_FIRST && state != State.DONE;
    }

    /** The trailers that may travel; valid once {@link #done()}. */
    Headers trailers() {
        return trailers.fields().headers();
    }

    /**
     * Consumes framing from {@code in} up to the next data.
     *
     * @return a part of the body, which the caller owns; null when {@code in} holds no more of it
     */
    @Nullable
    ByteBuf next(ByteBuf in) throws ProtocolViolation {
        while (in.isReadable() && state != State.DONE) {
            if (state == State.DATA) {
                int taken = (int) Math.min(remaining, in.readableBytes());
                remaining -= taken;
                state = remaining == 0 ? State.DATA_CR : State.DATA;
                return in.readRetainedSlice(taken);
            }
            if (state == State.TRAILERS) {
                if (!trailers.parse(in)) {
                    return null;
                }
                state = State.DONE;
            } else {
                state = framing(in.readByte());
            }
        }
        return null;
    }

    private State framing(byte c) throws ProtocolViolation {
        return switch (state) {
            case SIZE_FIRST -> digit(c);
            case SIZE -> c == '\r' ? State.SIZE_LF : c == ';' ? beginExtension() : digit(c);
            case EXTENSION -> extension(c);
            case SIZE_LF -> endOfSize(c);
            case DATA_CR -> expect(c, '\r', State.DATA_LF);
            case DATA_LF -> expect(c, '\n', State.SIZE_FIRST);
            case DATA, TRAILERS, DONE -> throw new IllegalStateException("not framing");
        };
    }

    private State digit(byte c) throws ProtocolViolation {
        int value = Characters.hex(c);
        if (value < 0) {
            throw ProtocolViolation.malformed("A chunk size holds something that is no hexadecimal digit.");
        }
        if (++digits > SIZE_DIGITS_MAX || remaining >>> 59 != 0) {
            throw ProtocolViolation.malformed("A chunk size is too large.");
        }
        remaining = remaining << 4 | value;
        return State.SIZE;
    }

    private State beginExtension() throws ProtocolViolation {
        extension.begin();
        countExtension();
        return State.EXTENSION;
    }

    private State extension(byte c) throws ProtocolViolation {
        if (c == '\r' && extension.mayEnd()) {
            return State.SIZE_LF;
        }
        extension.take(c);
        countExtension();
        return State.EXTENSION;
    }

    private void countExtension() throws ProtocolViolation {
        if (++extensionBytes > limits.chunkExtensionBytes()) {
            throw new ProtocolViolation(RefusalCode.MALFORMED_REQUEST,
                    "The chunk extensions are longer than " + limits.chunkExtensionBytes() + " bytes in all.");
        }
    }

    private State endOfSize(byte c) throws ProtocolViolation {
        expect(c, '\n', State.DATA);
        digits = 0;
        return remaining == 0 ? State.TRAILERS : State.DATA;
    }

    private static State expect(byte found, char expected, State next) throws ProtocolViolation {
        if (found != expected) {
            throw ProtocolViolation.malformed("A chunk, or its size, is not followed by CR LF.");
        }
        return next;
    }
}
