package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Takes the body of one request after another out of what an HTTP/1 connection receives. */
final class RequestBody {
    private static final Headers NO_TRAILERS = new Headers(0);

    private final ChunkedDecoder decoder;
    private boolean chunked;
    private long remaining;

    RequestBody(Limits limits, Scratch scratch) {
        decoder = new ChunkedDecoder(limits, scratch);
    }

    /** @param length in bytes, or {@link BodyLength#CHUNKED} */
    void begin(long length) {
        chunked = length == BodyLength.CHUNKED;
        remaining = chunked ? 0 : length;
        if (chunked) {
            decoder.begin();
        }
    }

    boolean done() {
        return chunked ? decoder.done() : remaining == 0;
    }

    /** Why the request is refused when the rest does not come in time. */
    Refusal tooSlow() {
        return chunked && decoder.withinFraming()
                ? Refusal.of(RefusalCode.MALFORMED_REQUEST, "The body broke off within a chunk size or the trailers.")
                : Refusal.of(RefusalCode.REQUEST_TIMEOUT, "The body of the request came too slowly.");
    }

    /** Whether the rest may be no longer than {@code bytes}: of a chunked body nobody knows. */
    boolean mayEndWithin(long bytes) {
        return chunked || remaining <= bytes;
    }

    /** A part of the body, which the caller owns; null when {@code in} holds none. */
    @Nullable
    ByteBuf next(ByteBuf in) throws ProtocolViolation {
        if (chunked) {
            return decoder.next(in);
        }
        int taken = (int) Math.min(remaining, in.readableBytes());
        if (taken == 0) {
            return null;
        }
        remaining -= taken;
        return in.readRetainedSlice(taken);
    }

    /** Valid once the body is {@link #done()}. */
    Headers trailers() {
        return chunked ? decoder.trailers() : NO_TRAILERS;
    }
}
