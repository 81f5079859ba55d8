package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.ProblemBody;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the frames of one connection into exchanges, and refuses the requests that can become none. */
final class Http2Requests extends Http2EventAdapter implements Http2RemoteFlowController.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Requests.class);

    private final Http2ServerConnection connection;
    private final ListenerContext listener;
    private final Peer peer;
    private final Http2RequestReader reader;
    private final IntObjectMap<Http2Exchange> exchanges = new IntObjectHashMap<>(8);
    private int begun;

    Http2Requests(Http2ServerConnection connection, ListenerContext listener, Peer peer) {
        this.connection = connection;
        this.listener = listener;
        this.peer = peer;
        reader = new Http2RequestReader(peer.secure(), listener.limits());
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int dependency, short weight,
            boolean exclusive, int padding, boolean end)
            throws Http2Exception {
        Http2Section section = (Http2Section) headers;
        section.complete();
        Http2Stream stream = connection.stream(streamId);
        if (stream == null) {
            return;
        }
        if (section.trailers()) {
            Http2Exchange exchange = exchanges.get(streamId);
            Headers trailers = Http2RequestReader.trailers(streamId, section);
            if (exchange != null) {
                try {
                    exchange.trailers(trailers);
                } catch (RuntimeException e) {
                    failed(exchange, e);
                }
            }
            return;
        }
        begun++;
        begin(stream, section, end);
        if (begun == listener.limits().requestsPerConnection()) {
            connection.drain();
        }
    }

    private void begin(Http2Stream stream, Http2Section section, boolean end) throws Http2Exception {
        Http2Exchange exchange;
        try {
            RequestHead head = reader.read(stream.id(), section, end);
            InetAddress client =
                    ClientAddress.of(peer.connected().getAddress(), head.headers(), listener.trustedProxies());
            Peer seen = client.equals(peer.client()) ? peer
                    : new Peer(peer.connected(), client, peer.local(), peer.secure(), peer.serverName());
            boolean continueAwaited = expectsContinue(section.fields().expect());
            long declared = head.upgrade() == null ? head.contentLength() : RequestHead.UNKNOWN_LENGTH;
            exchange = new Http2Exchange(connection, stream, seen, head, declared, end, continueAwaited,
                    connection.readNanos(), begun == 1);
        } catch (ProtocolViolation violation) {
            refuse(stream, section, Refusal.of(violation.code(), violation.detail()), end);
            return;
        } catch (Http2Exception malformed) {
            // The stream is reset, so nobody reads this call id but in our records.
            listener.handler().refused(peer, connection.loopContext().callIds().next(),
                    Refusal.of(RefusalCode.MALFORMED_REQUEST, String.valueOf(malformed.getMessage())));
            throw malformed;
        }
        exchanges.put(stream.id(), exchange);
        try {
            listener.handler().handle(exchange);
        } catch (RuntimeException e) {
            failed(exchange, e);
        }
    }

    /** Whoever handles the exchange threw: that breaks this stream, and no other. */
    private static void failed(Http2Exchange exchange, RuntimeException thrown) {
        LOG.error("an exchange could not be handled", thrown);
        exchange.abort();
    }

    private static boolean expectsContinue(@Nullable String expect) throws ProtocolViolation {
        if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
            throw new ProtocolViolation(RefusalCode.EXPECTATION_FAILED,
                    "The only expectation that is understood is 100-continue.");
        }
        return expect != null;
    }

    private void refuse(Http2Stream stream, Http2Section section, Refusal refusal, boolean end) {
        String callId = connection.loopContext().callIds().next();
        byte[] body = ProblemBody.render(refusal, callId);
        Headers headers = Headers.of("content-type", ProblemBody.MEDIA_TYPE, "cache-control", "no-store",
                "sallyport-call", callId);
        boolean bodiless = "HEAD".equals(section.method());
        ChannelFuture last = connection.writeHeaders(stream,
                new Http2ResponseFields(refusal.code().status(), body.length, headers), bodiless);
        if (!bodiless) {
            last = connection.writeData(stream, Unpooled.wrappedBuffer(body), true);
        }
        if (!end) {
            connection.resetAfter(last, stream);
        }
        listener.handler().refused(peer, callId, refusal);
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end)
            throws Http2Exception {
        Http2Exchange exchange = exchanges.get(streamId);
        int bytes = data.readableBytes();
        if (exchange == null) {
            return bytes + padding;
        }
        try {
            return exchange.data(data, padding, end);
        } catch (RuntimeException e) {
            failed(exchange, e);
            return bytes + padding;
        }
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment) {
        Http2Exchange exchange = exchanges.get(streamId);
        if (exchange != null) {
            exchange.windowGranted(increment);
        }
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        connection.pingAnswered(data);
    }

    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
        connection.clientLeaves();
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        Http2Exchange exchange = exchanges.remove(stream.id());
        if (exchange != null) {
            exchange.gone();
        }
        connection.streamClosed();
    }

    @Override
    public void writabilityChanged(Http2Stream stream) {
        Http2Exchange exchange = exchanges.get(stream.id());
        if (exchange != null) {
            exchange.writabilityChanged();
        }
    }

    /** What had to wait for a flush need not any more. */
    void flushed() {
        for (Http2Exchange exchange : List.copyOf(exchanges.values())) {
            exchange.writabilityChanged();
        }
    }

    /** Part of a DATA frame of the stream has come. */
    void dataArrives(int streamId) {
        Http2Exchange exchange = exchanges.get(streamId);
        if (exchange != null) {
            exchange.dataArrives();
        }
    }

    /**
     * The stream is about to be reset, because the client broke a rule on it.
     *
     * @return whether an answer was given nevertheless
     */
    boolean broken(int streamId, String rule) {
        Http2Exchange exchange = exchanges.get(streamId);
        return exchange != null && exchange.broken(Refusal.of(RefusalCode.MALFORMED_REQUEST, rule));
    }

    /** A header block took too long to arrive. */
    void headTooSlow() {
        listener.handler().refused(peer, connection.loopContext().callIds().next(),
                Refusal.of(RefusalCode.REQUEST_TIMEOUT, "The header section came too slowly."));
    }
}
