package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client of HTTP/2 that sends exactly the frames that it is told to, however wrong, and shows each frame that comes back.
 * It acknowledges nothing and opens no windows by itself. Header blocks are sent as literals that are never indexed.
 */
final class RawHttp2Client implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;

    static final int NO_ERROR = 0;
    static final int PROTOCOL_ERROR = 1;
    static final int INTERNAL_ERROR = 2;
    static final int CANCEL = 8;
    static final int ENHANCE_YOUR_CALM = 11;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final int READ_TIMEOUT_MILLIS = 20_000;

    /** A frame as it came; {@code fields} are those of HEADERS. */
    record Frame(int type, int flags, int stream, byte[] payload, Map<String, String> fields) {
        boolean endStream() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /** The error code of RST_STREAM or GOAWAY. */
        int error() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }

        /** The last stream of GOAWAY. */
        int lastStream() {
            return ByteBuffer.wrap(payload).getInt();
        }

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final List<Frame> unclaimed = new ArrayList<>();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);

    private RawHttp2Client(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Connects and sends the preface with empty settings. */
    static RawHttp2Client connect(InetSocketAddress address) throws IOException {
        return over(new Socket(address.getAddress(), address.getPort()));
    }

    /** Sends the preface over {@code socket}, with {@code settings}: identifiers and values in turn. */
    static RawHttp2Client over(Socket socket, int... settings) throws IOException {
        RawHttp2Client client = new RawHttp2Client(socket);
        ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        client.out.write(PREFACE);
        client.frame(SETTINGS, 0, 0, payload.array());
        return client;
    }

    void raw(byte... bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void frame(int type, int flags, int stream, byte... payload) throws IOException {
        raw(encoded(type, flags, stream, payload));
    }

    static byte[] encoded(int type, int flags, int stream, byte... payload) {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.putShort((short) (payload.length >> 8)).put((byte) payload.length).put((byte) type).put((byte) flags)
                .putInt(stream).put(payload);
        return frame.array();
    }

    /** A request without body. */
    void get(int stream, String path, String... fields) throws IOException {
        request(stream, "GET", path, true, fields);
    }

    void request(int stream, String method, String path, boolean end, String... fields) throws IOException {
        frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, requestBlock(method, path, fields));
    }

    static byte[] requestBlock(String method, String path, String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(block(":method", method, ":scheme", "http", ":authority", "a.example", ":path", path));
        block.writeBytes(block(fields));
        return block.toByteArray();
    }

    void headers(int stream, boolean end, String... fields) throws IOException {
        frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
    }

    void data(int stream, boolean end, byte... bytes) throws IOException {
        frame(DATA, end ? END_STREAM : 0, stream, bytes);
    }

    void data(int stream, boolean end, String text) throws IOException {
        data(stream, end, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void reset(int stream, int error) throws IOException {
        frame(RST_STREAM, 0, stream, number(error));
    }

    void windowUpdate(int stream, int increment) throws IOException {
        frame(WINDOW_UPDATE, 0, stream, number(increment));
    }

    static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    /** Names and values in turn, each field a literal never indexed (RFC 7541 section 6.2.3). */
    static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0x10);
            string(block, fields[i]);
            string(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        int length = text.length();
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            int rest = length - 127;
            while (rest >= 128) {
                block.write(rest & 127 | 128);
                rest >>= 7;
            }
            block.write(rest);
        }
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next frame; null when the connection is closed. */
    @Nullable
    Frame read() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = new byte[length];
            in.readFully(payload);
            return new Frame(type, flags, stream, payload, type == HEADERS ? decoded(stream, payload) : Map.of());
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /** The first frame of {@code type} on {@code stream} that was not asked for yet; acknowledgements do not count. */
    Frame await(int type, int stream) throws IOException {
        return await(frame -> frame.type == type && frame.stream == stream
                && (type != SETTINGS && type != PING || (frame.flags & ACK) == 0));
    }

    /** The first such frame that was not asked for yet; those before it stay to be asked for. */
    Frame await(Predicate<Frame> wanted) throws IOException {
        for (Frame frame : unclaimed) {
            if (wanted.test(frame)) {
                unclaimed.remove(frame);
                return frame;
            }
        }
        while (true) {
            Frame frame = read();
            if (frame == null) {
                throw new AssertionError("the connection was closed; before: " + unclaimed);
            }
            if (wanted.test(frame)) {
                return frame;
            }
            unclaimed.add(frame);
        }
    }

    /** Reads to the end of the connection; returns the error code of the last GOAWAY, or -1 when there was none. */
    int awaitClose() throws IOException {
        for (Frame frame = read(); frame != null; frame = read()) {
            unclaimed.add(frame);
        }
        return unclaimed.stream().filter(frame -> frame.type == GOAWAY).mapToInt(Frame::error).reduce(-1,
                (_, last) -> last);
    }

    /** Shows that the connection is alive, and that all sent before was read. */
    void ping() throws IOException {
        frame(PING, 0, 0, new byte[]{1, 2, 3, 4, 5, 6, 7, 8});
        await(frame -> frame.type == PING && (frame.flags & ACK) != 0);
    }

    private Map<String, String> decoded(int stream, byte[] payload) {
        Map<String, String> fields = new LinkedHashMap<>();
        ByteBuf block = Unpooled.wrappedBuffer(payload);
        try {
            decoder.decodeHeaders(stream, block)
                    .forEach(entry -> fields.put(entry.getKey().toString(), entry.getValue().toString()));
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
        return fields;
    }

    /** A whole response: its fields with {@code :status}, its body, its trailers. */
    record Response(Map<String, String> fields, String body, Map<String, String> trailers) {
        int status() {
            return Integer.parseInt(fields.get(":status"));
        }
    }

    /** Reads the response on {@code stream} to its end; fails when the stream is reset. */
    Response response(int stream) throws IOException {
        Map<String, String> fields = Map.of();
        Map<String, String> trailers = Map.of();
        StringBuilder body = new StringBuilder();
        while (true) {
            Frame frame = await(candidate -> candidate.stream == stream);
            if (frame.type == HEADERS) {
                if (fields.isEmpty()) {
                    fields = frame.fields;
                } else {
                    trailers = frame.fields;
                }
            } else if (frame.type == DATA) {
                body.append(frame.text());
            } else if (frame.type == RST_STREAM) {
                throw new AssertionError("stream " + stream + " was reset with " + frame.error());
            }
            if (frame.endStream()) {
                return new Response(fields, body.toString(), trailers);
            }
        }
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
