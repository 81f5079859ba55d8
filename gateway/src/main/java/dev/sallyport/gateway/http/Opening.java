package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Peer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection from its acceptance until its protocol is known: PROXY header, TLS handshake, first bytes, each where the
 * listener wants it. Holds the connection's place among those that are counted. Confined to its loop.
 */
final class Opening {
    /** What a channel speaks, once that is known. */
    static final AttributeKey<ServerConnection> CONNECTION = AttributeKey.valueOf(Opening.class, "connection");

    private final Listener listener;
    private final Channel channel;
    private final LoopContext loop;
    private final long acceptedNanos;
    private InetSocketAddress connected;
    private InetSocketAddress local;
    private @Nullable InetAddress counted;

    Opening(Listener listener, Channel channel) {
        this.listener = listener;
        this.channel = channel;
        loop = listener.context().loops().context(channel.eventLoop());
        acceptedNanos = loop.time().nanos();
        connected = (InetSocketAddress) channel.remoteAddress();
        local = (InetSocketAddress) channel.localAddress();
    }

    /** Takes the connection's place and begins with its first stage; or closes it when there is no place. */
    void begin() {
        Connections connections = listener.connections();
        if (!connections.enter()) {
            refuse();
            return;
        }
        channel.closeFuture().addListener(_ -> {
            connections.leave();
            if (counted != null) {
                connections.leave(counted);
            }
        });
        if (listener.spec().proxyProtocol() && trusted()) {
            channel.pipeline().addLast(new ProxyOpening(this));
        } else if (admitted()) {
            secure();
        }
    }

    /** A proxy has said whose connection it passes on. */
    void introduced(ProxyHeader header) {
        if (header.source() != null && header.destination() != null) {
            connected = header.source();
            local = header.destination();
        }
        if (admitted()) {
            secure();
        }
    }

    /** Whether there is place for one more from its address. A trusted proxy brings the connections of many, so that it is not counted. */
    private boolean admitted() {
        return trusted() || count(connected.getAddress());
    }

    private boolean trusted() {
        return Network.anyContains(listener.context().trustedProxies(), connected.getAddress());
    }

    void close() {
        channel.close();
    }

    private boolean count(InetAddress address) {
        if (!listener.connections().enter(address)) {
            refuse();
            return false;
        }
        counted = address;
        return true;
    }

    /** With a reset, so that nothing of it stays with us. */
    private void refuse() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    private void secure() {
        ServerTls tls = listener.spec().tls();
        ChannelPipeline pipeline = channel.pipeline();
        if (tls != null) {
            pipeline.addLast(new TlsOpening(this, tls));
        } else {
            pipeline.addLast(new PlainOpening(this));
        }
    }

    Limits limits() {
        return listener.context().limits();
    }

    LoopContext loop() {
        return loop;
    }

    /**
     * The protocol is known: puts the connection's handler behind {@code last}.
     *
     * @param serverName   the name asked for in TLS
     * @param securedNanos when the handshake ended
     */
    void speaks(boolean http2, boolean secure, @Nullable String serverName, long securedNanos) {
        Peer peer = new Peer(connected, connected.getAddress(), local, secure, serverName);
        long openedNanos = secure ? securedNanos : acceptedNanos;
        ChannelHandler handler = http2
                ? Http2ServerConnection.of(listener.context(), loop, peer, acceptedNanos, openedNanos)
                : new Http1ServerConnection(listener.context(), channel, peer, acceptedNanos, openedNanos);
        channel.attr(CONNECTION).set((ServerConnection) handler);
        channel.pipeline().addLast(handler);
        if (listener.draining()) {
            ((ServerConnection) handler).drain();
        }
    }
}
