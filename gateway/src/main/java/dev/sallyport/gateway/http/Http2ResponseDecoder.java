package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/** Decodes an upstream's header blocks with Netty's HPACK into sections that check and bound themselves. */
final class Http2ResponseDecoder extends DefaultHttp2HeadersDecoder {
    private final Http2Connection connection;
    private final Limits limits;
    private boolean trailers;

    Http2ResponseDecoder(Http2Connection connection, Limits limits) {
        super(false, Http2CodecUtil.MAX_HEADER_LIST_SIZE);
        this.connection = connection;
        this.limits = limits;
    }

    @Override
    public Http2Headers decodeHeaders(int streamId, ByteBuf headerBlock) throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        trailers = stream != null && stream.isHeadersReceived();
        return super.decodeHeaders(streamId, headerBlock);
    }

    @Override
    protected Http2Headers newHeaders() {
        return new Http2ResponseSection(trailers, limits);
    }

    @Override
    public void maxHeaderListSize(long max, long goAwayMax) {
        // What we announce is what the section enforces.
    }

    @Override
    public long maxHeaderListSize() {
        return limits.headerBytes();
    }

    /** How many encoded bytes of one block are kept; more end the connection, because HPACK's table would be lost with them. */
    @Override
    public long maxHeaderListSizeGoAway() {
        return Http2CodecUtil.calculateMaxHeaderListSizeGoAway(limits.headerBytes());
    }
}
