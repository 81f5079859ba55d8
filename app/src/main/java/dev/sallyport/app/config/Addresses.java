package dev.sallyport.app.config;

import dev.sallyport.app.config.Notation.Malformed;
import dev.sallyport.gateway.http.Network;
import dev.sallyport.gateway.upstream.EndpointSpec;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The notations of where things are: listen addresses, URLs of endpoints, host names. */
final class Addresses {
    static final Notation<InetSocketAddress> ADDRESS =
            new Notation<>("an address such as `127.0.0.1:8080` (port 0 picks a free one)",
                    ValueSchema.matching("(localhost|[0-9.]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}"), Addresses::address);

    static final Notation<EndpointSpec> URL = new Notation<>("a URL such as `http://127.0.0.1:8000`",
            ValueSchema.matching("[Hh][Tt][Tt][Pp][Ss]?://[^/@?#%]+(/[A-Za-z0-9._~!$&'()*+,;=:-]+)*/?"),
            Addresses::url);

    static final Notation<String> HOST =
            new Notation<>("a host name without port, such as `api.example.org`",
                    ValueSchema.wordMatching("[A-Za-z0-9_.-]{1,253}"), Addresses::host);

    static final Notation<Network> NETWORK =
            new Notation<>("a network such as `10.0.0.0/8` or `fd00::/8`, or one address",
                    ValueSchema.matching("[0-9A-Fa-f.:]+(/[0-9]{1,3})?"), Addresses::network);

    private static final String HOST_PATTERN = "[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*";
    private static final String BASE_PATH_PATTERN = "(/[A-Za-z0-9._~!$&'()*+,;=:@-]+)*";

    private Addresses() {}

    private static InetSocketAddress address(String text) throws Malformed {
        int colon = text.lastIndexOf(':');
        int port = colon < 0 ? -1 : port(text.substring(colon + 1), 0);
        if (port < 0) {
            throw new Malformed(Shown.quoted(text)
                    + " is not an address and a port from 0 to 65535; write for example `127.0.0.1:8080`");
        }
        String host = text.substring(0, colon);
        if (host.isEmpty() || host.equals("*")) {
            throw new Malformed(
                    "say on which address; `0.0.0.0:" + port + "` is all of IPv4, `[::]:" + port + "` all of IPv6");
        }
        InetAddress literal = literal(host.equals("localhost") ? "127.0.0.1" : host);
        if (literal == null) {
            throw new Malformed(Shown.quoted(host)
                    + " is not an IP address; write IPv6 in brackets, and numbers instead of a name");
        }
        return new InetSocketAddress(literal, port);
    }

    private static EndpointSpec url(String text) throws Malformed {
        if (text.contains("@")) {
            throw new Malformed("a URL with a name or password in it is not allowed; remove everything up to the `@`");
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException broken) {
            throw new Malformed(Shown.quoted(text) + " is not a URL; write for example `http://127.0.0.1:8000`");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https");
        if (!secure && !scheme.equals("http") || uri.getRawAuthority() == null) {
            throw new Malformed(Shown.quoted(text)
                    + " does not begin with `http://` or `https://`; write for example `http://127.0.0.1:8000`");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new Malformed(Shown.quoted(text) + " has a query or a fragment; end the URL before it");
        }
        String authority = uri.getRawAuthority();
        int colon = authority.lastIndexOf(':');
        boolean portGiven = colon > authority.lastIndexOf(']');
        int port = portGiven ? port(authority.substring(colon + 1), 1) : secure ? 443 : 80;
        if (port < 0) {
            throw new Malformed(Shown.quoted(text) + " has no port from 1 to 65535 after its host");
        }
        String path = uri.getRawPath();
        String basePath = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (!basePath.matches(BASE_PATH_PATTERN) || basePath.matches(".*/\\.{1,2}(/.*)?")) {
            throw new Malformed("the path of " + Shown.quoted(text)
                    + " is not plain; write letters, digits and single slashes, no `%`, no `..`");
        }
        return new EndpointSpec(secure, endpointHost(portGiven ? authority.substring(0, colon) : authority, text), port,
                basePath);
    }

    private static String endpointHost(String text, String url) throws Malformed {
        String host = text.toLowerCase(Locale.ROOT);
        if (host.startsWith("[") && host.endsWith("]")
                && NetUtil.isValidIpV6Address(host.substring(1, host.length() - 1))) {
            return host.substring(1, host.length() - 1);
        }
        if (host.length() > 253 || !host.matches(HOST_PATTERN)) {
            throw new Malformed(Shown.quoted(url) + " names no valid host");
        }
        return host;
    }

    private static String host(String text) throws Malformed {
        String host = text.toLowerCase(Locale.ROOT);
        if (host.contains(":") || host.contains("/")) {
            throw new Malformed(Shown.quoted(text) + " is more than a host name; leave scheme, port and path out");
        }
        if (host.length() > 253 || !host.matches(HOST_PATTERN)) {
            throw new Malformed(Shown.quoted(text) + " is not a host name; write for example `api.example.org`");
        }
        return host;
    }

    private static Network network(String text) throws Malformed {
        try {
            return Network.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new Malformed(Shown.sentence(String.valueOf(wrong.getMessage()))
                    + "; write for example `10.0.0.0/8` or `fd00::/8`");
        }
    }

    /** -1 when the text is no port from {@code minimum} on. */
    private static int port(String text, int minimum) {
        if (!text.matches("[0-9]{1,5}")) {
            return -1;
        }
        int port = Integer.parseInt(text);
        return port < minimum || port > 65_535 ? -1 : port;
    }

    /** The address that the text spells, without asking any name service; null when it spells none. */
    private static @Nullable InetAddress literal(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String bare = bracketed ? text.substring(1, text.length() - 1) : text;
        byte[] bytes = bracketed == bare.contains(":") ? NetUtil.createByteArrayFromIpAddressString(bare) : null;
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
