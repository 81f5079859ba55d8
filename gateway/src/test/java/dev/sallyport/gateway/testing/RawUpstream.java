package dev.sallyport.gateway.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream on a free port of loopback, each of whose connections a script plays byte by byte. */
public final class RawUpstream implements AutoCloseable {
    private static final int PATIENCE_MS = 20_000;

    /** What happens on one connection, on a thread of its own; it closes when the script returns. */
    public interface Script {
        void play(Connection connection) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Script script;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    private RawUpstream(ServerSocket server, Script script) {
        this.server = server;
        this.script = script;
        Thread.ofVirtual().name("raw-upstream").start(this::accept);
    }

    public static RawUpstream start(Script script) throws IOException {
        return start(new ServerSocket(), 0, script);
    }

    public static RawUpstream start(ServerSocket unbound, int port, Script script) throws IOException {
        unbound.setReuseAddress(true);
        unbound.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[]{127, 0, 0, 1}), port), 1_024);
        return new RawUpstream(unbound, script);
    }

    /** Answers every request on a connection with {@code response}, whole and as it stands. */
    public static Script always(String response) {
        return connection -> {
            while (true) {
                connection.readRequest();
                connection.write(response);
            }
        };
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                int number = accepted.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().name("raw-upstream-connection").start(() -> play(socket, number));
            }
        } catch (IOException e) {
            // The server socket was closed.
        }
    }

    private void play(Socket socket, int number) {
        try (socket) {
            script.play(new Connection(socket, number, events));
        } catch (EOFException e) {
            events.add("end of " + number);
        } catch (IOException e) {
            events.add("broken " + number);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** How many connections came so far. */
    public int accepted() {
        return accepted.get();
    }

    /** The next event: one that a script noted, or {@code end of N} or {@code broken N} of connection N. */
    public String awaitEvent() throws InterruptedException {
        String event = events.poll(PATIENCE_MS, TimeUnit.MILLISECONDS);
        if (event == null) {
            throw new AssertionError("nothing happened at the upstream");
        }
        return event;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** One accepted connection. */
    public static final class Connection {
        private final Socket socket;
        private final int number;
        private final InputStream in;
        private final OutputStream out;
        private final BlockingQueue<String> events;

        private Connection(Socket socket, int number, BlockingQueue<String> events) throws IOException {
            this.socket = socket;
            this.number = number;
            this.events = events;
            in = new java.io.BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        /** From 1, in the order in which they were accepted. */
        public int number() {
            return number;
        }

        /** Notes something that {@link #awaitEvent} waits for. */
        public void note(String event) {
            events.add(event);
        }

        public Socket socket() {
            return socket;
        }

        /** The next request's head, up to and without the empty line. */
        public String readHead() throws IOException {
            StringBuilder head = new StringBuilder();
            while (true) {
                String line = readLine();
                if (line.isEmpty()) {
                    return head.toString();
                }
                head.append(line).append("\r\n");
            }
        }

        public String readLine() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int c;
            while ((c = in.read()) != '\n') {
                if (c < 0) {
                    throw new EOFException();
                }
                line.write(c);
            }
            return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
        }

        /** The next request, head and body; chunked bodies come decoded, with their trailers behind them. */
        public String readRequest() throws IOException {
            String head = readHead();
            String lower = head.toLowerCase(java.util.Locale.ROOT);
            if (lower.contains("transfer-encoding: chunked")) {
                return head + "\r\n" + readChunked();
            }
            int at = lower.indexOf("content-length: ");
            if (at < 0) {
                return head;
            }
            int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
            return head + "\r\n" + read(length);
        }

        public String readChunked() throws IOException {
            StringBuilder body = new StringBuilder();
            while (true) {
                int size = Integer.parseInt(readLine(), 16);
                if (size == 0) {
                    return body + readHead();
                }
                body.append(read(size));
                readLine();
            }
        }

        public String read(int length) throws IOException {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        /** Waits until the other side closes, whatever it still sends; returns how many bytes that was. */
        public long readToEnd() throws IOException {
            return in.transferTo(OutputStream.nullOutputStream());
        }

        public Connection write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return this;
        }

        public void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Closes with a reset instead of an end of stream. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
