package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address that limits and policy see. {@code Forwarded} (RFC 7239) and {@code X-Forwarded-For} are believed only
 * when the peer is a trusted proxy, and only as far as trusted proxies wrote them: from the last entry to the first, past
 * trusted addresses, up to the first that is not trusted; an entry that is no address ends the search.
 */
final class ClientAddress {
    private static final String FORWARDED = "forwarded";
    private static final String X_FORWARDED_FOR = "x-forwarded-for";
    private static final int HOPS_MAX = 32;

    private ClientAddress() {}

    /**
     * The client's address. Takes the fields of a peer that is not trusted out of {@code headers}, so that whoever finds
     * one there may believe it.
     *
     * @param connected the peer
     */
    static InetAddress of(InetAddress connected, Headers headers, List<Network> trustedProxies)
            throws ProtocolViolation {
        if (trustedProxies.isEmpty() || !Network.anyContains(trustedProxies, connected)) {
            removeForwarded(headers);
            return connected;
        }
        InetAddress byForwarded = headers.contains(FORWARDED)
                ? last(ForwardedElements.addresses(headers.all(FORWARDED)), connected, trustedProxies) : null;
        InetAddress byList = headers.contains(X_FORWARDED_FOR)
                ? last(members(headers.all(X_FORWARDED_FOR)), connected, trustedProxies) : null;
        if (byForwarded != null && byList != null && !byForwarded.equals(byList)) {
            throw ProtocolViolation.malformed("The fields `forwarded` and `x-forwarded-for` contradict each other.");
        }
        return byForwarded != null ? byForwarded : byList != null ? byList : connected;
    }

    private static void removeForwarded(Headers headers) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            String name = headers.name(i);
            if (name.equals(FORWARDED) || name.startsWith("x-forwarded-")) {
                headers.remove(name);
                i = Math.min(i, headers.size());
            }
        }
    }

    private static InetAddress last(List<@Nullable InetAddress> entries, InetAddress connected,
            List<Network> trustedProxies) throws ProtocolViolation {
        if (entries.size() > HOPS_MAX) {
            throw ProtocolViolation.malformed("The request was forwarded more than " + HOPS_MAX + " times.");
        }
        InetAddress client = connected;
        for (int i = entries.size() - 1; i >= 0; i--) {
            InetAddress entry = entries.get(i);
            if (entry == null) {
                return client;
            }
            client = entry;
            if (!Network.anyContains(trustedProxies, entry)) {
                return client;
            }
        }
        return client;
    }

    private static List<@Nullable InetAddress> members(List<String> lines) {
        List<@Nullable InetAddress> entries = new ArrayList<>();
        for (String line : lines) {
            for (String member : FieldSection.members(line)) {
                entries.add(node(member));
            }
        }
        return entries;
    }

    /** An address with or without port; IPv6 with port in brackets (RFC 7239 section 6). Null for everything else. */
    static @Nullable InetAddress node(String text) {
        if (text.startsWith("[")) {
            int bracket = text.indexOf(']');
            boolean valid = bracket > 0 && (bracket == text.length() - 1
                    || text.charAt(bracket + 1) == ':' && IpAddress.parsePort(text.substring(bracket + 2)) >= 0);
            return valid ? IpAddress.parseIpv6(text.substring(1, bracket)) : null;
        }
        int colon = text.indexOf(':');
        if (colon > 0 && colon == text.lastIndexOf(':')) {
            return IpAddress.parsePort(text.substring(colon + 1)) < 0 ? null
                    : IpAddress.parseIpv4(text.substring(0, colon));
        }
        return IpAddress.parse(text);
    }
}
