package dev.sallyport.gateway.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses in their one unambiguous spelling: no octal, no short forms, no zones. */
final class IpAddress {
    private static final int OCTETS = 4;

    private IpAddress() {}

    /** The address that {@code text} is; an IPv4-mapped one as its IPv4 address; null when it is none. */
    static @Nullable InetAddress parse(String text) {
        return text.indexOf(':') < 0 ? parseIpv4(text) : parseIpv6(text);
    }

    static @Nullable InetAddress parseIpv6(String text) {
        if (text.indexOf('%') >= 0 || text.startsWith("[") || !NetUtil.isValidIpV6Address(text)) {
            return null;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        return bytes == null ? null : of(bytes);
    }

    static @Nullable InetAddress parseIpv4(String text) {
        byte[] bytes = new byte[OCTETS];
        int at = 0;
        for (int i = 0; i < OCTETS; i++) {
            int from = at;
            int octet = 0;
            while (at < text.length() && at - from < 3 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                octet = octet * 10 + text.charAt(at++) - '0';
            }
            boolean leadingZero = at - from > 1 && text.charAt(from) == '0';
            boolean ends = i == OCTETS - 1 ? at == text.length() : at < text.length() && text.charAt(at++) == '.';
            if (at == from || octet > 255 || leadingZero || !ends || text.charAt(from) == '.') {
                return null;
            }
            bytes[i] = (byte) octet;
        }
        return of(bytes);
    }

    /** @param bytes 4 or 16 of them */
    static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
        }
    }

    /** The port that {@code text} is, 0 to 65535 without leading zeros; -1 when it is none. */
    static int parsePort(String text) {
        if (text.isEmpty() || text.length() > 5 || text.length() > 1 && text.charAt(0) == '0') {
            return -1;
        }
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            port = port * 10 + digit - '0';
        }
        return port > 65_535 ? -1 : port;
    }
}
