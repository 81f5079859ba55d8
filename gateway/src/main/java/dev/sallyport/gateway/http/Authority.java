package dev.sallyport.gateway.http;

import java.util.Locale;

/**
 * Brings an authority into the one form that routing and policy see (RFC 3986 section 6.2): lower case, without default
 * port and without trailing dot. User information, escapes and names that no DNS could hold are refused.
 */
final class Authority {
    private static final int NAME_LENGTH_MAX = 253;
    private static final int LABEL_LENGTH_MAX = 63;
    private static final int PORT_MAX = 65_535;

    private Authority() {}

    /** @param secure whether the request came over TLS, so that 443 is the default port instead of 80 */
    static String normalise(String authority, boolean secure) throws ProtocolViolation {
        int hostTo = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        if (hostTo < 0) {
            hostTo = authority.length();
        }
        String host = host(authority.substring(0, hostTo).toLowerCase(Locale.ROOT));
        if (hostTo == authority.length()) {
            return host;
        }
        int port = port(authority, hostTo);
        return port < 0 || port == (secure ? 443 : 80) ? host : host + ':' + port;
    }

    private static String host(String host) throws ProtocolViolation {
        if (host.startsWith("[")) {
            if (!host.endsWith("]") || IpAddress.parseIpv6(host.substring(1, host.length() - 1)) == null) {
                throw invalid();
            }
            return host;
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.length() > NAME_LENGTH_MAX) {
            throw invalid();
        }
        int label = 0;
        boolean number = true; // whether the label under way has digits only, as the last one of an IPv4 address
        for (int i = 0; i <= name.length(); i++) {
            char c = i < name.length() ? name.charAt(i) : '.';
            if (c == '.') {
                requireLabel(name, label, i);
                label = i + 1;
                number |= i < name.length();
            } else {
                requireNameCharacter(c);
                number &= c >= '0' && c <= '9';
            }
        }
        if (number && IpAddress.parseIpv4(name) == null) {
            throw invalid();
        }
        return name;
    }

    private static void requireLabel(String name, int from, int to) throws ProtocolViolation {
        if (from == to || to - from > LABEL_LENGTH_MAX || name.charAt(from) == '-' || name.charAt(to - 1) == '-') {
            throw invalid();
        }
    }

    /** Letters, digits, hyphen; and the underscore, which names inside container networks do have. */
    private static void requireNameCharacter(char c) throws ProtocolViolation {
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_') {
            throw invalid();
        }
    }

    /** The port behind the colon at {@code colon}; -1 when it is empty. */
    private static int port(String authority, int colon) throws ProtocolViolation {
        if (authority.charAt(colon) != ':' || authority.length() - colon > 6) {
            throw invalid();
        }
        int port = authority.length() == colon + 1 ? -1 : 0;
        for (int i = colon + 1; i < authority.length(); i++) {
            char digit = authority.charAt(i);
            if (digit < '0' || digit > '9') {
                throw invalid();
            }
            port = port * 10 + digit - '0';
        }
        if (port == 0 || port > PORT_MAX) {
            throw invalid();
        }
        return port;
    }

    private static ProtocolViolation invalid() {
        return ProtocolViolation.malformed("The host is not a valid name or address with an optional port.");
    }
}
