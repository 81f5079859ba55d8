package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLContext;

/** A client of HTTP/1.1 that sends exactly the bytes it is told, and can be slow, rude or gone. Blocks for at most twenty seconds. */
public final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;
    private final MessageReader reader;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        input = new BufferedInputStream(socket.getInputStream());
        output = socket.getOutputStream();
        reader = new MessageReader(input);
    }

    public static RawClient connect(int port) throws IOException {
        return new RawClient(new Socket("127.0.0.1", port));
    }

    public static RawClient connectSecurely(int port, SSLContext context) throws IOException {
        return new RawClient(context.getSocketFactory().createSocket("127.0.0.1", port));
    }

    /** @param receiveBytes how little the system may take off the wire while nobody reads */
    public static RawClient connectWithWindow(int port, int receiveBytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBytes);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return new RawClient(socket);
    }

    /** Sends {@code text}, one byte per character. */
    public RawClient send(String text) throws IOException {
        output.write(text.getBytes(ISO_8859_1));
        output.flush();
        return this;
    }

    public InputStream input() {
        return input;
    }

    public OutputStream output() {
        return output;
    }

    /** The next response with its whole body, interim ones included. */
    public RawResponse response() throws IOException {
        RawResponse head = head();
        boolean bodiless = head.status() < 200 || head.status() == 204 || head.status() == 304;
        return bodiless ? head
                : new RawResponse(head.status(), head.fields(), reader.body(head.fields(), true, bytes -> {}).bytes());
    }

    /** The next response without its body. */
    public RawResponse head() throws IOException {
        String line = reader.firstLine();
        if (line == null) {
            throw new EOFException("the connection was closed instead of a response");
        }
        List<Field> fields = reader.fields();
        return new RawResponse(Integer.parseInt(line.split(" ", 3)[1]), fields, new byte[0]);
    }

    /** The next chunk of a chunked body; empty at its end. */
    public String chunk() throws IOException {
        return reader.chunk();
    }

    /** Reads and forgets until the other end closes; returns how many bytes came. */
    public long drain() throws IOException {
        return input.transferTo(OutputStream.nullOutputStream());
    }

    /** Sends no more, but still reads. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the connection with a TCP reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
