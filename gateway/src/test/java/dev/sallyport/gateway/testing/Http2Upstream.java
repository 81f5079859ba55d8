package dev.sallyport.gateway.testing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 upstream on a free port of loopback, whose frames a script answers one by one, on one event loop. */
public final class Http2Upstream implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    /** What is done about each frame of a request. */
    public interface Script {
        void request(Stream stream, boolean end);

        default void data(Stream stream, String data, boolean end) {}

        default void reset(Stream stream, long error) {}
    }

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Channel server;

    /** @param tls null for clear text with prior knowledge */
    public Http2Upstream(Http2Settings settings, @Nullable SslContext tls, boolean acknowledges, Script script) {
        server = new ServerBootstrap().group(group).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        open.add(channel);
                        int number = accepted.incrementAndGet();
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(
                                Http2FrameCodecBuilder.forServer().initialSettings(settings).validateHeaders(false)
                                        .build(),
                                new Frames(script, number, acknowledges));
                    }
                }).bind(new InetSocketAddress("127.0.0.1", 0)).syncUninterruptibly().channel();
    }

    public static Http2Upstream start(Script script) {
        return new Http2Upstream(Http2Settings.defaultSettings(), null, true, script);
    }

    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    public int accepted() {
        return accepted.get();
    }

    /** Runs {@code action} on the one event loop that scripts run on. */
    public void run(Runnable action) {
        group.submit(action).syncUninterruptibly();
    }

    public void note(String event) {
        events.add(event);
    }

    public String awaitEvent() throws InterruptedException {
        String event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("nothing happened at the upstream");
        }
        return event;
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        open.forEach(channel -> channel.close().syncUninterruptibly());
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Frames extends ChannelDuplexHandler {
        private final Script script;
        private final int number;
        private final boolean acknowledges;
        private final ConcurrentHashMap<Integer, Stream> streams = new ConcurrentHashMap<>();

        Frames(Script script, int number, boolean acknowledges) {
            this.script = script;
            this.number = number;
            this.acknowledges = acknowledges;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                switch (message) {
                    case Http2HeadersFrame frame -> {
                        Stream stream = streams.get(frame.stream().id());
                        if (stream == null) {
                            stream = new Stream(context, frame.stream(), number, frame.headers());
                            streams.put(frame.stream().id(), stream);
                            script.request(stream, frame.isEndStream());
                        } else {
                            stream.trailers = frame.headers();
                            script.data(stream, "", true);
                        }
                    }
                    case Http2DataFrame frame -> {
                        Stream stream = streams.get(frame.stream().id());
                        if (stream != null) {
                            stream.unacknowledged += frame.initialFlowControlledBytes();
                            if (acknowledges) {
                                stream.acknowledge();
                            }
                            script.data(stream, frame.content().toString(StandardCharsets.ISO_8859_1),
                                    frame.isEndStream());
                        }
                    }
                    case Http2ResetFrame frame -> {
                        Stream stream = streams.remove(frame.stream().id());
                        if (stream != null) {
                            script.reset(stream, frame.errorCode());
                        }
                    }
                    case Http2SettingsFrame _ -> {}
                    default -> {}
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            events.add("trouble: " + cause.getMessage());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            open.remove(context.channel());
            events.add("end of " + number);
        }
    }

    /** One request at the upstream, and the verbs to answer it. To be used on the upstream's loop: from a script or {@link #run}. */
    public static final class Stream {
        private final ChannelHandlerContext context;
        private final Http2FrameStream stream;
        private final int connection;
        private final Http2Headers headers;
        private @Nullable Http2Headers trailers;
        private int unacknowledged;

        private Stream(ChannelHandlerContext context, Http2FrameStream stream, int connection, Http2Headers headers) {
            this.context = context;
            this.stream = stream;
            this.connection = connection;
            this.headers = headers;
        }

        public int id() {
            return stream.id();
        }

        /** The number of its connection, from 1. */
        public int connection() {
            return connection;
        }

        public Http2Headers headers() {
            return headers;
        }

        public String path() {
            return String.valueOf(headers.path());
        }

        public @Nullable Http2Headers trailers() {
            return trailers;
        }

        public Channel channel() {
            return context.channel();
        }

        public ChannelHandlerContext context() {
            return context;
        }

        /** Lets the client send as much as it has sent. */
        public void acknowledge() {
            context.write(new DefaultHttp2WindowUpdateFrame(unacknowledged).stream(stream));
            unacknowledged = 0;
            context.flush();
        }

        /** Sends a header or trailer section. */
        public Stream headers(boolean end, String... namesAndValues) {
            Http2Headers sent = new DefaultHttp2Headers(false);
            for (int i = 0; i < namesAndValues.length; i += 2) {
                sent.add(namesAndValues[i], namesAndValues[i + 1]);
            }
            context.writeAndFlush(new DefaultHttp2HeadersFrame(sent, end).stream(stream));
            return this;
        }

        public Stream data(boolean end, String data) {
            return data(end, data.getBytes(StandardCharsets.ISO_8859_1));
        }

        public Stream data(boolean end, byte[] data) {
            context.writeAndFlush(new DefaultHttp2DataFrame(context.alloc().buffer(data.length).writeBytes(data), end)
                    .stream(stream));
            return this;
        }

        /** Sends a GOAWAY that names {@code lastStream} as the last one that is processed. */
        public void leave(int lastStream) {
            ByteBuf frame = context.alloc().buffer(17).writeMedium(8).writeByte(7).writeByte(0).writeInt(0)
                    .writeInt(lastStream).writeInt(0);
            context.pipeline().firstContext().writeAndFlush(frame);
        }

        public void reset(Http2Error error) {
            context.writeAndFlush(new DefaultHttp2ResetFrame(error).stream(stream));
        }
    }
}
