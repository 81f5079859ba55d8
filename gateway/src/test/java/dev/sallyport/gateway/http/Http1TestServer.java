package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Time;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A bare listener of HTTP/1.1 in plain text on a free port of loopback. */
final class Http1TestServer implements AutoCloseable {
    private final Loops loops;
    private final Channel listener;
    private final Queue<Http1ServerConnection> connections = new ConcurrentLinkedQueue<>();

    Http1TestServer(Limits limits, ExchangeHandler handler) {
        this(limits, handler, Time.SYSTEM, List.of());
    }

    Http1TestServer(Limits limits, ExchangeHandler handler, Time time, List<Network> trustedProxies) {
        loops = new Loops(1, time, new SplittableRandom(1));
        ListenerContext context = new ListenerContext(loops, limits, handler, trustedProxies);
        listener = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
                        Peer peer = new Peer(remote, remote.getAddress(), (InetSocketAddress) channel.localAddress(),
                                false, null);
                        long now = time.nanos();
                        Http1ServerConnection connection = new Http1ServerConnection(context, channel, peer, now, now);
                        connections.add(connection);
                        channel.pipeline().addLast(connection);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Every connection accepted, oldest first. */
    List<Http1ServerConnection> connections() {
        return List.copyOf(connections);
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        loops.close();
    }
}
