package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Tells the upstream on whose behalf a call is made, in the fields that servers read.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>value</th></tr>
 * <tr><td>{@code x-forwarded-for}</td><td>the client's address that limits and policy saw, alone</td></tr>
 * <tr><td>{@code x-forwarded-proto}</td><td>{@code http} or {@code https}, as the client sees it</td></tr>
 * <tr><td>{@code x-forwarded-host}</td><td>the authority that the client asked for</td></tr>
 * <tr><td>{@code forwarded}</td><td>the same three (RFC 7239)</td></tr>
 * </table>
 *
 * <p>What the client sent under these names, under any other that begins with {@code x-forwarded-}, or as
 * {@code x-real-ip}, is taken away. Only the scheme that a trusted proxy stated is kept, because TLS may have ended there.
 */
public final class ForwardedFields {
    private static final String PREFIX = "x-forwarded-";
    private static final String FORWARDED = "forwarded";
    private static final String PROTO = "x-forwarded-proto";

    private ForwardedFields() {}

    /**
     * Sets the fields in {@code outgoing}, which may hold the incoming ones.
     *
     * @param request as it arrived: what its headers hold under these names comes from a trusted proxy
     */
    public static void apply(Headers outgoing, Peer peer, RequestHead request) {
        for (int i = outgoing.size() - 1; i >= 0; i--) {
            String name = outgoing.name(i);
            if (name.equals(FORWARDED) || name.equals("x-real-ip") || name.startsWith(PREFIX)) {
                outgoing.remove(name);
                i = Math.min(i, outgoing.size());
            }
        }
        String client = NetUtil.toAddressString(peer.client());
        String scheme = scheme(request);
        outgoing.add("x-forwarded-for", client);
        outgoing.add(PROTO, scheme);
        outgoing.add("x-forwarded-host", request.authority());
        outgoing.add(FORWARDED,
                "for=" + node(peer.client(), client) + ";host=\"" + request.authority() + "\";proto=" + scheme);
    }

    private static String node(InetAddress address, String text) {
        return address instanceof Inet6Address ? "\"[" + text + "]\"" : text;
    }

    private static String scheme(RequestHead request) {
        String stated = request.headers().first(PROTO);
        if ("https".equalsIgnoreCase(stated)) {
            return "https";
        }
        return "http".equalsIgnoreCase(stated) ? "http" : request.scheme();
    }
}
