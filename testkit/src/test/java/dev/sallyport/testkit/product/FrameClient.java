package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A client of HTTP/2 in plain text with prior knowledge, frame by frame, for what no ordinary client does. One stream at a time is enough. */
final class FrameClient implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int LITERAL_NOT_INDEXED = 0;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int ACK = 1;
    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final int SETTING_BYTES = 6;
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream input;
    private final DataOutputStream output;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private boolean connectProtocol;

    /** A frame that came. */
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean endStream() {
            return (flags & END_STREAM) != 0;
        }

        String text() {
            return new String(payload, ISO_8859_1);
        }

        /** The error code of RST_STREAM or GOAWAY. */
        int error() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }
    }

    FrameClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        input = new DataInputStream(socket.getInputStream());
        output = new DataOutputStream(socket.getOutputStream());
        output.writeBytes(PREFACE);
        send(SETTINGS, 0, 0, new byte[0]);
        Frame settings = receive();
        if (settings.type() != SETTINGS) {
            throw new IOException("expected SETTINGS, got " + settings);
        }
        for (int at = 0; at < settings.payload().length; at += SETTING_BYTES) {
            ByteBuffer setting = ByteBuffer.wrap(settings.payload(), at, SETTING_BYTES);
            connectProtocol |= setting.getShort() == ENABLE_CONNECT_PROTOCOL && setting.getInt() == 1;
        }
        send(SETTINGS, ACK, 0, new byte[0]);
    }

    /** Whether the server said that it understands extended CONNECT (RFC 8441 section 3). */
    boolean connectProtocol() {
        return connectProtocol;
    }

    /** @param namesAndValues each shorter than 127 characters, so that its length is one byte of HPACK */
    void headers(int stream, boolean end, String... namesAndValues) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i++) {
            if (i % 2 == 0) {
                block.write(LITERAL_NOT_INDEXED);
            }
            block.write(namesAndValues[i].length());
            block.writeBytes(namesAndValues[i].getBytes(ISO_8859_1));
        }
        send(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block.toByteArray());
    }

    void data(int stream, boolean end, String text) throws IOException {
        send(DATA, end ? END_STREAM : 0, stream, text.getBytes(ISO_8859_1));
    }

    void reset(int stream, int error) throws IOException {
        send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(error).array());
    }

    /** The next frame that is about a stream, or GOAWAY; SETTINGS are acknowledged, the rest is passed over. */
    Frame next() throws IOException {
        while (true) {
            Frame frame = receive();
            if (frame.type() == SETTINGS && (frame.flags() & ACK) == 0) {
                send(SETTINGS, ACK, 0, new byte[0]);
            } else if (frame.type() <= RST_STREAM || frame.type() == GOAWAY) {
                return frame;
            }
        }
    }

    Http2Headers decode(Frame headers) {
        try {
            return decoder.decodeHeaders(headers.stream(), Unpooled.wrappedBuffer(headers.payload()));
        } catch (Http2Exception failure) {
            throw new IllegalArgumentException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(9);
        header.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        header.put((byte) type).put((byte) flags).putInt(stream);
        output.write(header.array());
        output.write(payload);
        output.flush();
    }

    private Frame receive() throws IOException {
        int length = input.readUnsignedByte() << 16 | input.readUnsignedShort();
        int type = input.readUnsignedByte();
        int flags = input.readUnsignedByte();
        int stream = input.readInt();
        return new Frame(type, flags, stream, input.readNBytes(length));
    }
}
