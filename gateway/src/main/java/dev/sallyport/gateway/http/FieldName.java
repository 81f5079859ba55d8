package dev.sallyport.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * A field name that is known, with what its definition says about it. Names on the wire are found in a table of these
 * without making a string.
 */
final class FieldName {
    /** What becomes of a field on its way through. */
    enum Role {
        /** Goes on to the other side. */
        END_TO_END,
        /** Ends here and has no meaning for us (RFC 9110 section 7.6.1). */
        HOP_BY_HOP,
        HOST,
        CONTENT_LENGTH,
        TRANSFER_ENCODING,
        CONNECTION,
        EXPECT,
        UPGRADE,
        TE
    }

    private static final int SLOTS = 1024;
    private static final FieldName[] TABLE = new FieldName[SLOTS];

    static {
        // May stand once: two hops could pick different ones.
        for (String name : words(
                "authorization content-type content-range content-location user-agent referer from max-forwards"
                        + " if-modified-since if-unmodified-since if-range range date origin x-api-key sec-websocket-key")) {
            put(new FieldName(name, Role.END_TO_END, true, false));
        }
        for (String name : words(
                "accept accept-charset accept-encoding accept-language accept-ranges access-control-allow-credentials"
                        + " access-control-allow-headers access-control-allow-methods access-control-allow-origin access-control-expose-headers"
                        + " access-control-max-age access-control-request-headers access-control-request-method age allow alt-svc cache-control"
                        + " cdn-cache-control clear-site-data content-disposition content-encoding content-language content-security-policy cookie"
                        + " cross-origin-opener-policy cross-origin-resource-policy dnt expires forwarded grpc-accept-encoding grpc-encoding"
                        + " grpc-timeout if-match if-none-match last-event-id last-modified link location permissions-policy pragma"
                        + " priority ratelimit ratelimit-policy referrer-policy retry-after sallyport-call sallyport-timeout-ms save-data"
                        + " sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user"
                        + " sec-websocket-accept sec-websocket-extensions sec-websocket-protocol sec-websocket-version server set-cookie"
                        + " strict-transport-security traceparent tracestate upgrade-insecure-requests vary via www-authenticate"
                        + " x-content-type-options x-correlation-id x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto"
                        + " x-frame-options x-powered-by x-real-ip x-request-id x-requested-with x-spiffe-id x-xss-protection")) {
            put(new FieldName(name, Role.END_TO_END, false, false));
        }
        for (String name : words(
                "baggage content-digest etag grpc-message grpc-status grpc-status-details-bin repr-digest server-timing digest")) {
            put(new FieldName(name, Role.END_TO_END, false, true));
        }
        // `proxy` would become the environment variable HTTP_PROXY of a CGI program (CVE-2016-5385).
        for (String name : words(
                "keep-alive proxy proxy-authenticate proxy-authentication-info proxy-authorization proxy-connection"
                        + " trailer http2-settings")) {
            put(new FieldName(name, Role.HOP_BY_HOP, false, false));
        }
        put(new FieldName("host", Role.HOST, true, false));
        put(new FieldName("content-length", Role.CONTENT_LENGTH, true, false));
        put(new FieldName("transfer-encoding", Role.TRANSFER_ENCODING, false, false));
        put(new FieldName("connection", Role.CONNECTION, false, false));
        put(new FieldName("expect", Role.EXPECT, false, false));
        put(new FieldName("upgrade", Role.UPGRADE, false, false));
        put(new FieldName("te", Role.TE, false, false));
    }

    private final String text;
    private final byte[] bytes;
    private final int hash;
    private final Role role;
    private final boolean single;
    private final boolean trailer;

    private FieldName(String text, Role role, boolean single, boolean trailer) {
        this.text = text;
        bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        hash = text.hashCode();
        this.role = role;
        this.single = single;
        this.trailer = trailer;
    }

    private static List<String> words(String list) {
        return Collections.list(new StringTokenizer(list)).stream().map(String.class::cast).toList();
    }

    private static void put(FieldName name) {
        int slot = slot(name.hash);
        while (TABLE[slot] != null) {
            if (TABLE[slot].text.equals(name.text)) {
                return;
            }
            slot = slot + 1 & SLOTS - 1;
        }
        TABLE[slot] = name;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 15) & SLOTS - 1;
    }

    /**
     * The known name that stands, in lower case, in {@code source} at {@code from} to {@code to}; null when there is none.
     *
     * @param hash as {@link String#hashCode()} computes it
     */
    static @Nullable FieldName find(byte[] source, int from, int to, int hash) {
        for (int slot = slot(hash); TABLE[slot] != null; slot = slot + 1 & SLOTS - 1) {
            FieldName candidate = TABLE[slot];
            if (candidate.hash == hash && Arrays.equals(candidate.bytes, 0, candidate.bytes.length, source, from, to)) {
                return candidate;
            }
        }
        return null;
    }

    /** The known name {@code text}, which is in lower case; null when there is none. */
    static @Nullable FieldName find(String text) {
        int hash = text.hashCode();
        for (int slot = slot(hash); TABLE[slot] != null; slot = slot + 1 & SLOTS - 1) {
            if (TABLE[slot].hash == hash && TABLE[slot].text.equals(text)) {
                return TABLE[slot];
            }
        }
        return null;
    }

    String text() {
        return text;
    }

    Role role() {
        return role;
    }

    /** Whether it may stand once only in a request. */
    boolean single() {
        return single;
    }

    /** Whether its definition lets it stand in a trailer section. */
    boolean trailer() {
        return trailer;
    }
}
