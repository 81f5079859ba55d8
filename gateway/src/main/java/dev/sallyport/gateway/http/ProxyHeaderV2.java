package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads the binary form of a PROXY protocol header (version 2, section 2.2). */
final class ProxyHeaderV2 {
    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int FIXED_BYTES = 16;
    private static final int VERSION_2_LOCAL = 0x20;
    private static final int VERSION_2_PROXY = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP_IPV4 = 0x11;
    private static final int UDP_IPV4 = 0x12;
    private static final int TCP_IPV6 = 0x21;
    private static final int UDP_IPV6 = 0x22;
    private static final int UNIX_STREAM = 0x31;
    private static final int UNIX_DATAGRAM = 0x32;
    private static final int UNIX_ADDRESS_BYTES = 108;
    private static final int PORT_BYTES = 2;
    private static final int TYPE_AUTHORITY = 0x02;
    private static final int TYPE_CRC32C = 0x03;
    private static final int TYPE_UNIQUE_ID = 0x05;
    private static final int TYPE_SSL = 0x20;
    private static final int UNIQUE_ID_BYTES_MAX = 128;
    private static final int SSL_FIXED_BYTES = 5;
    private static final int CRC_BYTES = 4;

    private final byte[] header;
    private int at = FIXED_BYTES;
    private @Nullable String authority;
    private int checksumAt = -1;

    private ProxyHeaderV2(byte[] header) {
        this.header = header;
    }

    static @Nullable ProxyHeader read(ByteBuf in) throws ProtocolViolation {
        int from = in.readerIndex();
        for (int i = 0; i < Math.min(in.readableBytes(), SIGNATURE.length); i++) {
            if (in.getByte(from + i) != SIGNATURE[i]) {
                throw ProxyHeader.malformed();
            }
        }
        if (in.readableBytes() < FIXED_BYTES) {
            return null;
        }
        int command = in.getUnsignedByte(from + SIGNATURE.length);
        if (command != VERSION_2_LOCAL && command != VERSION_2_PROXY) {
            throw ProxyHeader.malformed();
        }
        int family = in.getUnsignedByte(from + SIGNATURE.length + 1);
        int length = in.getUnsignedShort(from + SIGNATURE.length + 2);
        if (command == VERSION_2_PROXY && length < 2 * endpointBytes(family)) {
            throw ProxyHeader.malformed();
        }
        if (in.readableBytes() < FIXED_BYTES + length) {
            return null;
        }
        byte[] header = new byte[FIXED_BYTES + length];
        in.readBytes(header);
        return command == VERSION_2_LOCAL ? ProxyHeader.LOCAL : new ProxyHeaderV2(header).parse(family);
    }

    /** How long one endpoint is: address and port. */
    private static int endpointBytes(int family) throws ProtocolViolation {
        return switch (family) {
            case UNSPECIFIED -> 0;
            case TCP_IPV4, UDP_IPV4 -> 4 + PORT_BYTES;
            case TCP_IPV6, UDP_IPV6 -> 16 + PORT_BYTES;
            case UNIX_STREAM, UNIX_DATAGRAM -> UNIX_ADDRESS_BYTES;
            default -> throw ProxyHeader.malformed();
        };
    }

    private ProxyHeader parse(int family) throws ProtocolViolation {
        if (family == UNSPECIFIED) {
            return ProxyHeader.LOCAL; // the rest must be ignored
        }
        int endpoints = 2 * endpointBytes(family);
        InetSocketAddress source = null;
        InetSocketAddress destination = null;
        if (family != UNIX_STREAM && family != UNIX_DATAGRAM) {
            int addressBytes = endpoints / 2 - PORT_BYTES;
            source = endpoint(at, addressBytes, at + 2 * addressBytes);
            destination = endpoint(at + addressBytes, addressBytes, at + 2 * addressBytes + PORT_BYTES);
        }
        at += endpoints;
        while (at < header.length) {
            element();
        }
        if (checksumAt >= 0) {
            requireChecksum();
        }
        return new ProxyHeader(source, destination, authority);
    }

    /** Both addresses stand first, and both ports behind them. */
    private InetSocketAddress endpoint(int addressAt, int addressBytes, int portAt) {
        int port = (header[portAt] & 0xff) << 8 | header[portAt + 1] & 0xff;
        return new InetSocketAddress(IpAddress.of(Arrays.copyOfRange(header, addressAt, addressAt + addressBytes)),
                port);
    }

    private void element() throws ProtocolViolation {
        int type = header[at] & 0xff;
        int from = at + 3;
        int length =
                from <= header.length ? (header[at + 1] & 0xff) << 8 | header[at + 2] & 0xff : Integer.MAX_VALUE / 2;
        if (from + length > header.length) {
            throw ProxyHeader.malformed();
        }
        switch (type) {
            case TYPE_AUTHORITY -> authority = new String(header, from, length, StandardCharsets.UTF_8);
            case TYPE_CRC32C -> {
                if (length != CRC_BYTES || checksumAt >= 0) {
                    throw ProxyHeader.malformed();
                }
                checksumAt = from;
            }
            case TYPE_UNIQUE_ID -> {
                if (length > UNIQUE_ID_BYTES_MAX) {
                    throw ProxyHeader.malformed();
                }
            }
            case TYPE_SSL -> {
                if (length < SSL_FIXED_BYTES) {
                    throw ProxyHeader.malformed();
                }
            }
            default -> {
                // of no use to us
            }
        }
        at = from + length;
    }

    /** The checksum is made over the whole header with zeros in its own place (section 2.2.3). */
    private void requireChecksum() throws ProtocolViolation {
        int stated = 0;
        for (int i = 0; i < CRC_BYTES; i++) {
            stated = stated << 8 | header[checksumAt + i] & 0xff;
            header[checksumAt + i] = 0;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(header, 0, header.length);
        if ((int) checksum.getValue() != stated) {
            throw ProxyHeader.malformed();
        }
    }
}
