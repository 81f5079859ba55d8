package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.RefusalCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** Hands the frames of one connection to the attempts that they belong to. */
final class Http2Responses extends Http2EventAdapter implements Http2RemoteFlowController.Listener {
    private final Http2ClientConnection connection;
    private final Http2Connection streams;
    private final Http2Connection.PropertyKey attemptKey;
    private int lastProcessedStream = Integer.MAX_VALUE;

    Http2Responses(Http2ClientConnection connection, Http2Connection streams) {
        this.connection = connection;
        this.streams = streams;
        attemptKey = streams.newKey();
    }

    void bind(Http2Stream stream, Http2Attempt attempt) {
        stream.setProperty(attemptKey, attempt);
        attempt.began(stream);
    }

    private @Nullable Http2Attempt attempt(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(attemptKey);
    }

    private @Nullable Http2Attempt attempt(int streamId) {
        return attempt(streams.stream(streamId));
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int streamId, Http2Headers headers, int dependency, short weight,
            boolean exclusive, int padding, boolean end)
            throws Http2Exception {
        onHeadersRead(context, streamId, headers, padding, end);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext context, int streamId, Http2Headers headers, int padding,
            boolean end) throws Http2Exception {
        Http2Attempt attempt = attempt(streamId);
        if (attempt == null) {
            return;
        }
        Http2ResponseSection section = (Http2ResponseSection) headers;
        try {
            if (section.trailers()) {
                attempt.trailers(section);
            } else {
                attempt.head(section, end);
            }
        } catch (ProtocolViolation violation) {
            throw broken(streamId, violation);
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext context, int streamId, ByteBuf data, int padding, boolean end)
            throws Http2Exception {
        Http2Attempt attempt = attempt(streamId);
        if (attempt == null) {
            return data.readableBytes() + padding;
        }
        try {
            return attempt.data(data, end) + padding;
        } catch (ProtocolViolation violation) {
            throw broken(streamId, violation);
        }
    }

    private static Http2Exception broken(int streamId, ProtocolViolation violation) {
        return Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "%s", violation.detail());
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int streamId, long errorCode) {
        Http2Attempt attempt = attempt(streamId);
        if (attempt != null) {
            attempt.fail(
                    RefusalCode.UPSTREAM_RESET, "reset the stream with " + Http2Error.valueOf(errorCode),
                    errorCode == Http2Error.REFUSED_STREAM.code());
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
        connection.settingsCame();
    }

    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
        lastProcessedStream = lastStreamId;
        connection.endpointLeaves();
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        Http2Attempt attempt = attempt(stream);
        if (attempt != null) {
            if (stream.id() > lastProcessedStream) {
                attempt.fail(RefusalCode.UPSTREAM_RESET, "left before it processed the request", true);
            } else {
                connection.failByTrouble(attempt);
            }
        }
        connection.streamClosed();
    }

    @Override
    public void writabilityChanged(Http2Stream stream) {
        Http2Attempt attempt = attempt(stream);
        if (attempt != null) {
            attempt.writabilityChanged();
        }
    }

    /** The stream is about to be reset because the endpoint broke a rule on it, or the request could not be sent. */
    void broken(int streamId, String rule) {
        Http2Attempt attempt = attempt(streamId);
        if (attempt != null) {
            attempt.fail(RefusalCode.UPSTREAM_PROTOCOL_ERROR, rule, false);
        }
    }
}
