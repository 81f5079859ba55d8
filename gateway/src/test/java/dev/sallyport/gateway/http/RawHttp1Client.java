package dev.sallyport.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client of HTTP/1.1 that sends exactly what it is told, and reads one answer at a time. Waits for at most twenty seconds. */
final class RawHttp1Client implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    /** @param trailers empty without chunks */
    record Answer(int status, Map<String, String> fields, String body, Map<String, String> trailers) {
        String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    private final Socket socket;
    private final InputStream in;

    private RawHttp1Client(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static RawHttp1Client connect(InetSocketAddress address) throws IOException {
        return new RawHttp1Client(new Socket(address.getAddress(), address.getPort()));
    }

    /** @param receiveBytes how little the system may take off the wire while nobody reads */
    static RawHttp1Client connect(InetSocketAddress address, int receiveBytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBytes);
        socket.connect(address);
        return new RawHttp1Client(socket);
    }

    static RawHttp1Client over(Socket socket) throws IOException {
        return new RawHttp1Client(socket);
    }

    /** One byte per character. */
    RawHttp1Client send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        return this;
    }

    Socket socket() {
        return socket;
    }

    InputStream input() {
        return in;
    }

    /** The next answer with its body, interim ones included. */
    Answer answer() throws IOException {
        return answer(false);
    }

    /** @param toHead whether it answers HEAD */
    Answer answer(boolean toHead) throws IOException {
        int status = Integer.parseInt(line().substring(9, 12));
        Map<String, String> fields = fields();
        if (toHead || status < 200 || status == 204 || status == 304) {
            return new Answer(status, fields, "", Map.of());
        }
        String length = fields.get("content-length");
        if (length != null) {
            return new Answer(status, fields, new String(in.readNBytes(Integer.parseInt(length)), ISO_8859_1),
                    Map.of());
        }
        if (!fields.containsKey("transfer-encoding")) {
            return new Answer(status, fields, new String(in.readAllBytes(), ISO_8859_1), Map.of());
        }
        StringBuilder body = new StringBuilder();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.append(new String(in.readNBytes(size), ISO_8859_1));
            line();
        }
        return new Answer(status, fields, body.toString(), fields());
    }

    private Map<String, String> fields() throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            String[] field = line.split(": ", 2);
            fields.merge(field[0].toLowerCase(Locale.ROOT), field[1], (first, second) -> first + ", " + second);
        }
        return fields;
    }

    /** A line without its end. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed after `" + line + "`");
            }
            line.append((char) c);
        }
        return line.substring(0, line.length() - 1);
    }

    /** Waits for the server to close; returns what it sent before. */
    String untilClosed() throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
