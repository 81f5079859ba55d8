package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.ReceivedRequest;
import dev.sallyport.testkit.UpstreamConnection;
import java.io.DataInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** An upstream that accepts a WebSocket (RFC 6455) and sends back every frame that it gets, closing frames included. */
final class WebSocketEcho implements Behaviour {
    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int CLOSE = 8;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    @Override
    public void answer(UpstreamConnection connection, ReceivedRequest request) throws IOException {
        connection.send(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + accept(String.valueOf(request.field("sec-websocket-key"))) + "\r\n\r\n");
        DataInputStream input = new DataInputStream(connection.input());
        int opcode;
        do {
            int first = input.readUnsignedByte();
            opcode = first & 0xf;
            byte[] payload = payload(input);
            connection.send(header(first, payload.length) + new String(payload, ISO_8859_1));
        } while (opcode != CLOSE);
        connection.close();
    }

    private static byte[] payload(DataInputStream input) throws IOException {
        int second = input.readUnsignedByte();
        int length = second & 0x7f;
        if (length == LENGTH_16) {
            length = input.readUnsignedShort();
        } else if (length == LENGTH_64) {
            length = Math.toIntExact(input.readLong());
        }
        if ((second & 0x80) == 0) {
            throw new IOException("a client's frame must be masked");
        }
        byte[] mask = input.readNBytes(4);
        byte[] payload = input.readNBytes(length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        return payload;
    }

    private static String header(int first, int length) {
        StringBuilder header = new StringBuilder().append((char) first);
        if (length < LENGTH_16) {
            return header.append((char) length).toString();
        }
        if (length < 0x10000) {
            return header.append((char) LENGTH_16).append((char) (length >> 8)).append((char) (length & 0xff))
                    .toString();
        }
        header.append((char) LENGTH_64).append("\0\0\0\0");
        for (int shift = 24; shift >= 0; shift -= 8) {
            header.append((char) (length >> shift & 0xff));
        }
        return header.toString();
    }

    static String accept(String key) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest((key + KEY_SUFFIX).getBytes(ISO_8859_1)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
