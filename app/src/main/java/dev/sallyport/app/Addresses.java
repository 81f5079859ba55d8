package dev.sallyport.app;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** How addresses are shown. */
final class Addresses {
    private Addresses() {}

    /** {@code host:port}, IPv6 in brackets. */
    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
