package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/** Decodes the header blocks of either side with Netty's HPACK into sections that check and bound themselves. */
final class Http2SectionDecoder extends DefaultHttp2HeadersDecoder {
    private final Http2Connection connection;
    private final Limits limits;
    private final SectionFactory sections;
    private boolean trailers;

    /** Makes the section into which one header block is decoded. */
    interface SectionFactory {
        Http2Headers section(boolean trailers, Limits limits);
    }

    Http2SectionDecoder(Http2Connection connection, Limits limits, SectionFactory sections) {
        // The section counts its size itself, so that a large one is refused with an answer instead of a reset.
        super(false, Http2CodecUtil.MAX_HEADER_LIST_SIZE);
        this.connection = connection;
        this.limits = limits;
        this.sections = sections;
    }

    @Override
    public Http2Headers decodeHeaders(int streamId, ByteBuf headerBlock) throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        trailers = stream != null && stream.isHeadersReceived();
        return super.decodeHeaders(streamId, headerBlock);
    }

    @Override
    protected Http2Headers newHeaders() {
        return sections.section(trailers, limits);
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
