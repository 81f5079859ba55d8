package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says, before anything else, of the connection that it passes on (the PROXY protocol, versions 1 and 2).
 *
 * @param source      whose connection it is; null when the proxy speaks for itself, or does not know
 * @param destination where that connection went; null when {@code source} is
 * @param authority   the host name that the client asked for (PP2_TYPE_AUTHORITY); null when it is not said
 */
record ProxyHeader(@Nullable InetSocketAddress source, @Nullable InetSocketAddress destination,
        @Nullable String authority) {
    /** The proxy speaks for itself, or cannot say for whom: the addresses of the socket count. */
    static final ProxyHeader LOCAL = new ProxyHeader(null, null, null);

    private static final int TEXT_BYTES_MAX = 107;
    private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.ISO_8859_1);

    /**
     * Consumes the header at the beginning of {@code in}.
     *
     * @return null when more bytes are needed; nothing has been consumed then
     * @throws ProtocolViolation when {@code in} does not begin with a valid header
     */
    static @Nullable ProxyHeader read(ByteBuf in) throws ProtocolViolation {
        if (!in.isReadable()) {
            return null;
        }
        return in.getByte(in.readerIndex()) == TEXT[0] ? readText(in) : ProxyHeaderV2.read(in);
    }

    private static @Nullable ProxyHeader readText(ByteBuf in) throws ProtocolViolation {
        int length = Math.min(in.readableBytes(), TEXT_BYTES_MAX);
        for (int i = 0; i < Math.min(length, TEXT.length); i++) {
            if (in.getByte(in.readerIndex() + i) != TEXT[i]) {
                throw malformed();
            }
        }
        int end = in.indexOf(in.readerIndex(), in.readerIndex() + length, (byte) '\n');
        if (end < 0) {
            if (length == TEXT_BYTES_MAX) {
                throw malformed();
            }
            return null;
        }
        int lineLength = end - in.readerIndex() - 1;
        if (in.getByte(end - 1) != '\r') {
            throw malformed();
        }
        String line = in.toString(in.readerIndex(), lineLength, StandardCharsets.ISO_8859_1);
        in.skipBytes(lineLength + 2);
        return parseText(line);
    }

    private static ProxyHeader parseText(String line) throws ProtocolViolation {
        String[] words = line.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return LOCAL; // what follows must be ignored (section 2.1)
        }
        if (words.length != 6) {
            throw malformed();
        }
        return new ProxyHeader(address(words[1], words[2], words[4]), address(words[1], words[3], words[5]), null);
    }

    private static InetSocketAddress address(String family, String address, String port) throws ProtocolViolation {
        var parsed = switch (family) {
            case "TCP4" -> IpAddress.parseIpv4(address);
            case "TCP6" -> IpAddress.parseIpv6(address);
            default -> null;
        };
        int number = IpAddress.parsePort(port);
        if (parsed == null || number < 0) {
            throw malformed();
        }
        return new InetSocketAddress(parsed, number);
    }

    static ProtocolViolation malformed() {
        return ProtocolViolation.malformed("The connection does not begin with a valid header of the PROXY protocol.");
    }
}
