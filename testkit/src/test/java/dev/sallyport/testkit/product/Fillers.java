package dev.sallyport.testkit.product;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Connections that fill the queue of a listening socket that nobody accepts from, until further ones hang. */
final class Fillers implements AutoCloseable {
    private static final int CONNECTIONS = 8;

    private final InetSocketAddress address;
    private final List<SocketChannel> channels = new ArrayList<>();

    Fillers(int port) {
        address = new InetSocketAddress("127.0.0.1", port);
    }

    void fill() throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            SocketChannel channel = SocketChannel.open();
            channels.add(channel);
            channel.configureBlocking(false);
            channel.connect(address);
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
