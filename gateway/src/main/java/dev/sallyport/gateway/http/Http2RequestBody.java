package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on one stream. What nobody is ready to take waits here, and stays unacknowledged to flow control,
 * so that the client stops sending.
 */
final class Http2RequestBody {
    private static final Headers NO_TRAILERS = new Headers(0);

    private final Http2ServerConnection connection;
    private final Http2Stream stream;
    private final long declared;
    private final BodyPace pace;

    private @Nullable ExchangeListener listener;
    private @Nullable BodyQueue queue;
    private Headers trailers = NO_TRAILERS;
    private long received;
    private boolean flowing;
    private boolean delivering;
    private boolean ended;
    private boolean stopped;

    /**
     * @param declared what {@code Content-Length} says, or {@link RequestHead#UNKNOWN_LENGTH}
     * @param ended    whether there is none
     */
    Http2RequestBody(Http2ServerConnection connection, Http2Stream stream, long declared, BodyPace pace,
            boolean ended) {
        this.connection = connection;
        this.stream = stream;
        this.declared = declared;
        this.pace = pace;
        this.ended = ended;
    }

    void listener(ExchangeListener named) {
        listener = named;
    }

    /** Whether the client has sent all. */
    boolean ended() {
        return ended;
    }

    /**
     * Takes a part; it stays the caller's.
     *
     * @return how many of its bytes, with the padding, are done with
     */
    int data(ByteBuf data, int padding, boolean end) throws Http2Exception {
        int bytes = data.readableBytes();
        ended |= end;
        if (stopped) {
            return bytes + padding;
        }
        received += bytes;
        pace.received(bytes);
        requireDeclaredLength();
        if (flowing && !delivering && queue == null && listener != null) {
            if (bytes > 0) {
                delivering = true;
                listener.requestChunk(data.retain());
                delivering = false;
            }
            deliver();
            return bytes + padding;
        }
        if (bytes > 0) {
            if (queue == null) {
                queue = new BodyQueue();
            }
            queue.add(data, connection.allocator());
        }
        deliver();
        return padding;
    }

    /** The request ends with {@code section}. */
    void trailers(Headers section) throws Http2Exception {
        ended = true;
        if (!stopped) {
            trailers = section;
            requireDeclaredLength();
            deliver();
        }
    }

    private void requireDeclaredLength() throws Http2Exception {
        if (declared >= 0 && (received > declared || ended && received < declared)) {
            throw Http2Exception.streamError(stream.id(), Http2Error.PROTOCOL_ERROR,
                    "malformed request: the body is not as long as `content-length` says");
        }
    }

    void resume() {
        if (!flowing && !stopped) {
            flowing = true;
            if (!ended) {
                pace.start();
            }
            deliver();
        }
    }

    void pause() {
        flowing = false;
        pace.pause();
    }

    /** Hands out what waits while somebody is ready for it. */
    private void deliver() {
        ExchangeListener told = listener;
        if (delivering || told == null) {
            return;
        }
        delivering = true;
        while (flowing && queue != null) {
            ByteBuf part = queue.poll();
            if (part == null) {
                queue = null;
            } else {
                int bytes = part.readableBytes();
                told.requestChunk(part);
                connection.consume(stream, bytes);
            }
        }
        delivering = false;
        if (flowing && ended && queue == null && !stopped) {
            stop();
            told.requestEnd(trailers);
        }
    }

    /** Nobody wants any more of it: what comes is dropped, what waits is released. */
    void stop() {
        stopped = true;
        flowing = false;
        pace.pause();
        if (queue != null) {
            queue.release();
            queue = null;
        }
    }
}
