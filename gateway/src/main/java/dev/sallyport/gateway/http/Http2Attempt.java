package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response as a stream of HTTP/2. While the response is paused, what comes of it is passed on but
 * not acknowledged to flow control, so that at most a stream's window comes.
 */
final class Http2Attempt implements Attempt {
    private static final int INTERIM_MAX = 32;

    private final Http2ClientConnection connection;
    private final AttemptListener listener;
    private final boolean toHead;
    private @Nullable Http2Stream stream;
    private boolean requestEnded;
    private boolean answered;
    private boolean over;
    private boolean paused;
    private int unacknowledged;
    private int interims;
    private long declared = RequestHead.UNKNOWN_LENGTH;
    private long received;

    Http2Attempt(Http2ClientConnection connection, AttemptListener listener, RequestHead head, boolean requestEnded) {
        this.connection = connection;
        this.listener = listener;
        this.requestEnded = requestEnded;
        toHead = head.method().equals("HEAD");
    }

    void began(Http2Stream begun) {
        stream = begun;
    }

    // What the endpoint sends.

    void head(Http2ResponseSection section, boolean end) throws ProtocolViolation {
        if (over) {
            return;
        }
        int status = section.statusCode();
        Headers headers = section.headers();
        if (status < 200) {
            if (end || ++interims > INTERIM_MAX) {
                throw ProtocolViolation.malformed("An interim response ends the stream, or one too many came.");
            }
            listener.interim(new ResponseHead(status, headers, RequestHead.UNKNOWN_LENGTH));
            return;
        }
        answered = true;
        long length = section.contentLength();
        declared = toHead || status == 204 || status == 304 ? RequestHead.UNKNOWN_LENGTH : length;
        if (end) {
            requireWhole();
            complete();
        }
        listener.response(new ResponseHead(status, headers, length), end);
    }

    void trailers(Http2ResponseSection section) throws ProtocolViolation {
        if (over) {
            return;
        }
        Headers headers = section.headers();
        requireWhole();
        complete();
        listener.responseEnd(headers);
    }

    /** @return how many bytes are done with, so that flow control may grant as many again */
    int data(ByteBuf data, boolean end) throws ProtocolViolation {
        int length = data.readableBytes();
        if (over) {
            return length;
        }
        if (!answered) {
            throw ProtocolViolation.malformed("A body came before its head.");
        }
        received += length;
        if (declared >= 0 && received > declared) {
            throw ProtocolViolation.malformed("The body is longer than `content-length` declares.");
        }
        if (end) {
            requireWhole();
        }
        if (length > 0) {
            listener.responseChunk(data.retainedSlice());
        }
        if (end && !over) {
            complete();
            listener.responseEnd(new Headers(0));
        }
        if (paused && !over) {
            unacknowledged += length;
            return 0;
        }
        return length;
    }

    private void requireWhole() throws ProtocolViolation {
        if (declared >= 0 && received < declared) {
            throw ProtocolViolation.malformed("The body is shorter than `content-length` declares.");
        }
    }

    /** The response is whole; what is missing of the request is not wanted any more (RFC 9113 section 8.1). */
    private void complete() {
        over = true;
        if (!requestEnded && stream != null) {
            connection.reset(stream, Http2Error.NO_ERROR);
        }
    }

    void fail(RefusalCode code, String reason, boolean unprocessed) {
        if (!over) {
            over = true;
            listener.failed(connection.failure(code, reason + (answered ? " before the response was complete" : ""),
                    unprocessed));
        }
    }

    void writabilityChanged() {
        if (writable()) {
            listener.writable();
        }
    }

    // What the call sends.

    @Override
    public void chunk(ByteBuf chunk) {
        if (over || requestEnded || stream == null || !chunk.isReadable()) {
            chunk.release();
        } else {
            connection.writeData(stream, chunk, false);
        }
    }

    @Override
    public void end(Headers trailers) {
        if (over || requestEnded || stream == null) {
            return;
        }
        requestEnded = true;
        if (trailers.isEmpty()) {
            connection.writeData(stream, Unpooled.EMPTY_BUFFER, true);
        } else {
            connection.writeTrailers(stream, trailers);
        }
    }

    @Override
    public boolean writable() {
        return !over && stream != null && connection.writable(stream);
    }

    @Override
    public void pauseResponse() {
        paused = true;
    }

    @Override
    public void resumeResponse() {
        paused = false;
        if (unacknowledged > 0 && stream != null) {
            int bytes = unacknowledged;
            unacknowledged = 0;
            connection.acknowledge(stream, bytes);
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            if (stream != null) {
                connection.reset(stream, Http2Error.CANCEL);
            }
            if (!answered) {
                connection.suspect();
            }
        }
    }
}
