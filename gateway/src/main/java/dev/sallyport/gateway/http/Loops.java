package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Time;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The event loops of a gateway, with the context of each. Uses epoll where it is there, else NIO. */
public final class Loops implements AutoCloseable {
    static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;
    /**
     * What may wait to be sent on one connection before the side that it comes from is paused, in bytes. Room for two reads
     * and a head: a pause costs two system calls, and an answer that fits into a few reads should need none.
     */
    static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(64 * 1024, 160 * 1024);

    private final EventLoopGroup group;
    private final boolean epoll;
    private final Map<EventExecutor, LoopContext> contexts = new HashMap<>();

    /** @param count how many loops, at least 1 */
    public Loops(int count, Time time, SplittableRandom seeds) {
        this(count, time, seeds, Epoll.isAvailable());
    }

    /** Loops that use NIO even where epoll is there. */
    public static Loops nio(int count, Time time, SplittableRandom seeds) {
        return new Loops(count, time, seeds, false);
    }

    private Loops(int count, Time time, SplittableRandom seeds, boolean epoll) {
        this.epoll = epoll;
        IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("loop", true), factory);
        for (EventExecutor executor : group) {
            contexts.put(executor, new LoopContext((EventLoop) executor, time, seeds.nextLong()));
        }
    }

    public EventLoopGroup group() {
        return group;
    }

    /** The context of {@code loop}, which must be one of ours. */
    public LoopContext context(EventLoop loop) {
        LoopContext context = contexts.get(loop);
        if (context == null) {
            throw new IllegalArgumentException("not a loop of this gateway: " + loop);
        }
        return context;
    }

    public Iterable<LoopContext> contexts() {
        return contexts.values();
    }

    public Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    public Class<? extends SocketChannel> clientChannel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** Ends the loops; waits up to five seconds. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
