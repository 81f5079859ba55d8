package dev.sallyport.gateway.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses in their one unambiguous spelling: no octal, no short forms, no zones. */
final class IpAddress {
    private static final int OCTETS = 4;
    private static final int BYTES = 16;

    private IpAddress() {}

    /** The address that {@code text} is; an IPv4-mapped one as its IPv4 address; null when it is none. */
    static @Nullable InetAddress parse(String text) {
        return text.indexOf(':') < 0 ? parseIpv4(text) : parseIpv6(text);
    }

    /** Reads the forms of RFC 4291 section 2.2, without brackets and zone. */
    static @Nullable InetAddress parseIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] whole = groups(text, true);
            return whole != null && whole.length == BYTES ? of(whole) : null;
        }
        byte[] head = groups(text.substring(0, gap), false);
        byte[] tail = groups(text.substring(gap + 2), true);
        if (head == null || tail == null || head.length + tail.length > BYTES - 2) {
            return null;
        }
        byte[] bytes = Arrays.copyOf(head, BYTES);
        System.arraycopy(tail, 0, bytes, BYTES - tail.length, tail.length);
        return of(bytes);
    }

    /** The bytes of groups of hexadecimal digits between colons; null when {@code text} is something else. */
    private static byte @Nullable [] groups(String text, boolean mayEndInIpv4) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] groups = text.split(":", -1);
        byte[] bytes = new byte[2 * (groups.length + 1)];
        int length = 0;
        for (int i = 0; i < groups.length; i++) {
            InetAddress ending =
                    mayEndInIpv4 && i == groups.length - 1 && groups[i].indexOf('.') > 0 ? parseIpv4(groups[i]) : null;
            if (ending != null) {
                System.arraycopy(ending.getAddress(), 0, bytes, length, OCTETS);
                length += OCTETS;
                continue;
            }
            int value = group(groups[i]);
            if (value < 0) {
                return null;
            }
            bytes[length++] = (byte) (value >> Byte.SIZE);
            bytes[length++] = (byte) value;
        }
        return Arrays.copyOf(bytes, length);
    }

    private static int group(String digits) {
        if (digits.isEmpty() || digits.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) > 0x7f ? -1 : Characters.hex((byte) digits.charAt(i));
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
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
