package dev.sallyport.gateway.http;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Decides what a HEADERS frame means on a stream on which the client should send none any more (RFC 9113 sections 5.1 and
 * 5.1.1): nothing when it crossed our reset on the way, else an error of the connection. Netty forgets closed streams, so it
 * cannot tell these apart.
 */
final class ClosedStreams {
    private static final int REMEMBERED = 64;

    private final Http2Connection connection;
    private final int[] reset = new int[REMEMBERED];
    private int resets;
    private int last = -1;
    private int skippedFrom;
    private int skippedTo = -1;

    ClosedStreams(Http2Connection connection) {
        this.connection = connection;
    }

    /** We send RST_STREAM on the stream. */
    void resetByUs(int streamId) {
        reset[resets++ % REMEMBERED] = streamId;
    }

    /** A HEADERS frame is about to be read. */
    void headers(int streamId) throws Http2Exception {
        if (streamId > last) {
            if (streamId > last + 2) {
                skippedFrom = last + 2;
                skippedTo = streamId - 2;
            }
            last = streamId;
            return;
        }
        Http2Stream stream = connection.stream(streamId);
        boolean open = stream != null
                && (stream.state() == Http2Stream.State.OPEN || stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL);
        if (open || wasResetByUs(streamId)) {
            return;
        }
        if (streamId >= skippedFrom && streamId <= skippedTo) {
            throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR,
                    "HEADERS on stream %d, which a later one closed", streamId);
        }
        throw Http2Exception.connectionError(Http2Error.STREAM_CLOSED,
                "HEADERS on stream %d, which the client had ended", streamId);
    }

    private boolean wasResetByUs(int streamId) {
        for (int each : reset) {
            if (each == streamId) {
                return true;
            }
        }
        return false;
    }
}
