package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/** A range of addresses in CIDR notation (RFC 4632, RFC 4291): {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or one address. */
public final class Network {
    private final byte[] address;
    private final int prefixBits;

    private Network(byte[] address, int prefixBits) {
        this.address = address;
        this.prefixBits = prefixBits;
    }

    /** @throws IllegalArgumentException when {@code text} is no network, or bits behind the prefix are set */
    public static Network parse(String text) {
        requireNonNull(text, "text is null");
        int slash = text.indexOf('/');
        InetAddress parsed = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (parsed == null) {
            throw new IllegalArgumentException("`" + text + "` is not an IP address or network, such as 10.0.0.0/8");
        }
        byte[] address = parsed.getAddress();
        int bits = address.length * Byte.SIZE;
        int prefixBits = slash < 0 ? bits : prefix(text, slash + 1, bits);
        for (int bit = prefixBits; bit < bits; bit++) {
            if ((address[bit >> 3] & (0x80 >> (bit & 7))) != 0) {
                throw new IllegalArgumentException("`" + text + "` has bits set behind its prefix");
            }
        }
        return new Network(address, prefixBits);
    }

    private static int prefix(String text, int from, int bits) {
        int length = text.length() - from;
        if (length < 1 || length > 3) {
            throw new IllegalArgumentException("`" + text + "` has no prefix of 0 to " + bits + " bits");
        }
        int prefix = 0;
        for (int i = from; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                throw new IllegalArgumentException("`" + text + "` has no prefix of 0 to " + bits + " bits");
            }
            prefix = prefix * 10 + digit - '0';
        }
        if (prefix > bits) {
            throw new IllegalArgumentException("`" + text + "` has no prefix of 0 to " + bits + " bits");
        }
        return prefix;
    }

    /** Whether {@code candidate} lies in this network; an IPv4 address never lies in an IPv6 network, nor the other way. */
    public boolean contains(InetAddress candidate) {
        byte[] bytes = candidate.getAddress();
        if (bytes.length != address.length) {
            return false;
        }
        int whole = prefixBits >> 3;
        for (int i = 0; i < whole; i++) {
            if (bytes[i] != address[i]) {
                return false;
            }
        }
        int rest = prefixBits & 7;
        return rest == 0 || ((bytes[whole] ^ address[whole]) & 0xff) >> (Byte.SIZE - rest) == 0;
    }

    /** Whether {@code candidate} lies in one of {@code networks}. */
    public static boolean anyContains(List<Network> networks, InetAddress candidate) {
        for (int i = 0; i < networks.size(); i++) {
            if (networks.get(i).contains(candidate)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network network && prefixBits == network.prefixBits
                && Arrays.equals(address, network.address);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(address) * 31 + prefixBits;
    }

    @Override
    public String toString() {
        return IpAddress.of(address).getHostAddress() + '/' + prefixBits;
    }
}
