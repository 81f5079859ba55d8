package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A socket that takes connections, spreads them over the event loops, and knows those that are open. HTTP/2 or HTTP/1.1 is
 * told by ALPN over TLS, else by the first bytes.
 */
public final class Listener implements AutoCloseable {
    private static final int BACKLOG = 4_096;

    private final ListenerSpec spec;
    private final ListenerContext context;
    private final Connections connections;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Integer> drained = new CompletableFuture<>();
    private final AtomicInteger cut = new AtomicInteger();
    private final Channel server;
    private volatile boolean draining;

    private Listener(ListenerSpec spec, ListenerContext context, Connections connections) throws IOException {
        this.spec = spec;
        this.context = context;
        this.connections = connections;
        ChannelFuture bound = new ServerBootstrap()
                .group(context.loops().group())
                .channel(context.loops().serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, Loops.ALLOCATOR)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Loops.UNSENT)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted(channel);
                    }
                })
                .bind(spec.address())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + spec.address() + ": " + bound.cause().getMessage(),
                    bound.cause());
        }
        server = bound.channel();
    }

    /**
     * Binds and begins to accept. Blocks until it is bound; not to be called on an event loop.
     *
     * @param connections shared by all listeners of a gateway
     * @throws IOException when the address cannot be bound
     */
    public static Listener open(ListenerSpec spec, Loops loops, Limits limits, ExchangeHandler handler,
            Connections connections) throws IOException {
        requireNonNull(spec, "spec is null");
        requireNonNull(connections, "connections is null");
        return new Listener(spec, new ListenerContext(loops, limits, handler, spec.trustedProxies()), connections);
    }

    /** Where it listens, with the port that was chosen. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    private void accepted(Channel channel) {
        open.add(channel);
        channel.closeFuture().addListener(_ -> {
            open.remove(channel);
            completeWhenEmpty();
        });
        if (draining || channel.remoteAddress() == null) {
            channel.close();
        } else {
            new Opening(this, channel).begin();
        }
    }

    /**
     * Takes no new connections, tells those that are open to finish what they have begun, and closes after
     * {@code drainMillis} what has not.
     *
     * @return completes, on any thread, with the number of connections that had to be cut off, when none is open any more
     */
    public CompletableFuture<Integer> drain() {
        if (draining) {
            return drained;
        }
        draining = true;
        server.close().addListener(_ -> {
            for (Channel channel : open) {
                channel.eventLoop().execute(() -> drain(channel));
            }
            completeWhenEmpty();
        });
        server.eventLoop().schedule(this::cut, context.limits().drainMillis(), TimeUnit.MILLISECONDS);
        return drained;
    }

    private static void drain(Channel channel) {
        ServerConnection connection = channel.attr(Opening.CONNECTION).get();
        if (connection == null) {
            channel.close();
        } else {
            connection.drain();
        }
    }

    private void completeWhenEmpty() {
        if (draining && !server.isOpen() && open.isEmpty()) {
            drained.complete(cut.get());
        }
    }

    private void cut() {
        for (Channel channel : open) {
            cut.incrementAndGet();
            channel.close();
        }
        completeWhenEmpty();
    }

    /** Stops at once: closes the socket and every connection. Blocks until the socket is closed; not to be called on an event loop. */
    @Override
    public void close() {
        draining = true;
        server.close().awaitUninterruptibly();
        cut();
    }

    ListenerSpec spec() {
        return spec;
    }

    ListenerContext context() {
        return context;
    }

    Connections connections() {
        return connections;
    }

    boolean draining() {
        return draining;
    }
}
