package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.RefusalCode;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens connections to endpoints: TCP, TLS, and the version of HTTP that was agreed on. */
public final class ClientConnector {
    private final Loops loops;
    private final Limits limits;

    public ClientConnector(Loops loops, Limits limits) {
        this.loops = requireNonNull(loops, "loops is null");
        this.limits = requireNonNull(limits, "limits is null");
    }

    /** A connection that is being opened. */
    public interface Opening {
        /** Stops; nothing is called back any more. */
        void abandon();
    }

    /**
     * Opens a connection on the loop of {@code context}, to the first of {@code addresses} that accepts one. Sets no
     * time-out: whoever asks abandons it.
     */
    public Opening open(LoopContext context, ClientTarget target, List<InetAddress> addresses,
            ClientConnectionListener listener) {
        Try opening = new Try(context, target, addresses, listener);
        opening.next();
        return opening;
    }

    /** One connection on its way to being open. */
    final class Try implements Opening {
        private final LoopContext context;
        private final ClientTarget target;
        private final List<InetAddress> addresses;
        private final ClientConnectionListener listener;
        private @Nullable Channel channel;
        private int tried;
        private boolean over;

        private Try(LoopContext context, ClientTarget target, List<InetAddress> addresses,
                ClientConnectionListener listener) {
            this.context = context;
            this.target = target;
            this.addresses = addresses;
            this.listener = listener;
        }

        private void next() {
            Bootstrap bootstrap = new Bootstrap()
                    .group(context.loop())
                    .channel(loops.clientChannel())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.ALLOCATOR, Loops.ALLOCATOR)
                    .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Loops.UNSENT)
                    .option(ChannelOption.SO_KEEPALIVE, true)
                    // An upstream that answers early and closes makes our next write fail; its answer is still to be read.
                    .option(ChannelOption.AUTO_CLOSE, false)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel created) {
                            initialise(created);
                        }
                    });
            ChannelFuture connected = bootstrap.connect(new InetSocketAddress(addresses.get(tried++), target.port()));
            channel = connected.channel();
            connected.addListener((ChannelFuture future) -> {
                if (!future.isSuccess() && !over) {
                    connectFailed(future.cause());
                }
            });
        }

        private void connectFailed(Throwable cause) {
            if (tried < addresses.size()) {
                next();
            } else {
                failed(RefusalCode.UPSTREAM_CONNECT_FAILED, cause);
            }
        }

        private void initialise(Channel created) {
            ClientTls tls = target.tls();
            if (tls == null) {
                created.pipeline().addLast(protocolHandler(target.version() == ClientTarget.Version.HTTP_2));
                return;
            }
            SslHandler handler = tls.handler(created.alloc(), target.version(), target.serverName(), target.port());
            if (handler == null) {
                failed(RefusalCode.UPSTREAM_TLS_FAILED, "the TLS settings are being replaced");
                created.close();
                return;
            }
            created.pipeline().addLast(handler, new ClientHandshake(this, handler));
        }

        ChannelHandler protocolHandler(boolean http2) {
            return http2
                    ? Http2ClientConnection.handler(context, limits, target, this)
                    : new Http1ClientConnection(context, limits, target, this);
        }

        boolean requiresHttp2() {
            return target.version() == ClientTarget.Version.HTTP_2;
        }

        /** The connection is ready; returns who is told of its further life, null when nobody wants it any more. */
        @Nullable
        ClientConnectionListener opened(ClientConnection connection) {
            if (over) {
                return null;
            }
            over = true;
            listener.opened(connection);
            return listener;
        }

        void failed(RefusalCode code, Throwable cause) {
            failed(code, String.valueOf(cause.getMessage()));
        }

        void failed(RefusalCode code, String reason) {
            if (!over) {
                over = true;
                close();
                listener.openingFailed(new AttemptFailure(code, target.name() + ": " + reason, true));
            }
        }

        @Override
        public void abandon() {
            over = true;
            close();
        }

        private void close() {
            if (channel != null) {
                channel.close();
            }
        }
    }
}
