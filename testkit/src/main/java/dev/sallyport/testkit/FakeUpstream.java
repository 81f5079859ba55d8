package dev.sallyport.testkit;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** An upstream on a free port of loopback that speaks HTTP/1.1 over plain sockets, misbehaves as told, and records what it gets. */
public final class FakeUpstream implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;
    private static final int BACKLOG = 1_024;

    private final ServerSocket server;
    private final boolean secure;
    private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();
    private final BlockingQueue<ReceivedRequest> arrivals = new LinkedBlockingQueue<>();
    private final BlockingQueue<UpstreamConnection> accepted = new LinkedBlockingQueue<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Behaviour behaviour;
    private volatile boolean recording = true;

    private FakeUpstream(ServerSocket server, boolean secure, Behaviour behaviour) {
        this.server = server;
        this.secure = secure;
        this.behaviour = requireNonNull(behaviour, "behaviour is null");
        Thread.ofVirtual().name("fake-upstream").start(this::accept);
    }

    public static FakeUpstream start(Behaviour behaviour) throws IOException {
        return new FakeUpstream(bind(new ServerSocket()), false, behaviour);
    }

    /** @param context with the server's certificate, such as {@link TestCertificates.Issued#serverContext()} */
    public static FakeUpstream startSecure(SSLContext context, Behaviour behaviour) throws IOException {
        return new FakeUpstream(bind(context.getServerSocketFactory().createServerSocket()), true, behaviour);
    }

    private static ServerSocket bind(ServerSocket socket) throws IOException {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        return socket;
    }

    public int port() {
        return server.getLocalPort();
    }

    public String url() {
        return (secure ? "https://127.0.0.1:" : "http://127.0.0.1:") + port();
    }

    /** Changes what happens with the next request. */
    public void behave(Behaviour next) {
        behaviour = requireNonNull(next, "next is null");
    }

    /** Forgets requests from now on: for load. */
    public void stopRecording() {
        recording = false;
    }

    /** All requests so far, in the order in which their heads came. */
    public List<ReceivedRequest> requests() {
        return requests;
    }

    /** The next request that was not awaited yet. */
    public ReceivedRequest awaitRequest() throws InterruptedException {
        return taken(arrivals, "request");
    }

    /** The next connection that was not awaited yet. */
    public UpstreamConnection awaitConnection() throws InterruptedException {
        return taken(accepted, "connection");
    }

    private static <T> T taken(BlockingQueue<T> queue, String what) throws InterruptedException {
        T element = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (element == null) {
            throw new AssertionError("no " + what + " came within " + PATIENCE_SECONDS + " s");
        }
        return element;
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Connections open now. */
    public int openConnections() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().name("fake-upstream-connection").start(() -> serve(socket));
            } catch (IOException _) {
                // closed, or a handshake that failed
            }
        }
    }

    private void serve(Socket socket) {
        UpstreamConnection connection = null;
        try (socket) {
            connection = new UpstreamConnection(socket);
            if (recording) {
                accepted.add(connection);
            }
            for (ReceivedRequest request = connection.readHead(); request != null; request = connection.readHead()) {
                if (recording) {
                    requests.add(request);
                    arrivals.add(request);
                }
                behaviour.answer(connection, request);
            }
        } catch (IOException _) {
            // the other end closed, or the behaviour did
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
            if (connection != null) {
                connection.ended().complete(null);
            }
        }
    }
}
