package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.http.Attempt;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What came of a request's body while an attempt was being repeated: the few chunks that were on their way before the
 * sender saw that it has to wait. Owns them.
 */
final class PendingRequest {
    private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>(2);
    private @Nullable Headers trailers;

    void add(ByteBuf chunk) {
        chunks.add(chunk);
    }

    void end(Headers last) {
        trailers = last;
    }

    /** Hands everything to {@code attempt}. */
    void sendTo(Attempt attempt) {
        ByteBuf chunk;
        while ((chunk = chunks.poll()) != null) {
            attempt.chunk(chunk);
        }
        Headers last = trailers;
        if (last != null) {
            trailers = null;
            attempt.end(last);
        }
    }

    void release() {
        chunks.forEach(ByteBuf::release);
        chunks.clear();
        trailers = null;
    }
}
