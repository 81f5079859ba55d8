package dev.sallyport.gateway.call;

import java.net.Inet4Address;
import java.net.InetAddress;

/** The network that counts as one client: an IPv4 address, or the /64 that one IPv6 subscriber has at least (RFC 6177). */
public final class ClientNetwork {
    /** 0:1::/32, of which no IPv6 client is part. */
    private static final long IPV4 = 1L << 32;

    private ClientNetwork() {}

    /** A number that no other network has. */
    public static long of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return IPV4 | number(bytes, 0, 4);
        }
        return mappedIpv4(bytes) ? IPV4 | number(bytes, 12, 16) : number(bytes, 0, 8);
    }

    /** ::ffff:0:0/96 (RFC 4291 section 2.5.5.2). */
    private static boolean mappedIpv4(byte[] bytes) {
        return number(bytes, 0, 8) == 0 && number(bytes, 8, 12) == 0xFFFF;
    }

    private static long number(byte[] bytes, int start, int end) {
        long number = 0;
        for (int i = start; i < end; i++) {
            number = number << 8 | bytes[i] & 0xFF;
        }
        return number;
    }
}
