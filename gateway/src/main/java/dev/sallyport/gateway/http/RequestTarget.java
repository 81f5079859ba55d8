package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.RefusalCode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The target of a request, taken apart (RFC 9112 section 3.2) and its path normalised. Reused for one request after another. */
final class RequestTarget {
    private static final byte[] HTTP = "http://".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] HTTPS = "https://".getBytes(StandardCharsets.ISO_8859_1);

    private String path = "/";
    private @Nullable String query;
    private @Nullable String scheme;
    private @Nullable String authority;

    /** Reads the target, which holds visible characters only, from {@code from} to {@code to}. */
    void parse(String method, byte[] bytes, int from, int to) throws ProtocolViolation {
        query = null;
        scheme = null;
        authority = null;
        if (method.equals("CONNECT") || method.equals("TRACE")) {
            throw new ProtocolViolation(RefusalCode.NOT_IMPLEMENTED, "The method " + method + " is not served here.");
        }
        if (from == to) {
            throw ProtocolViolation
                    .malformed("The request line is not a method, a target and a version with one space between each.");
        }
        if (bytes[from] == '/') {
            pathAndQuery(bytes, from, to);
        } else if (bytes[from] == '*' && to - from == 1) {
            asterisk(method);
        } else if (startsWith(bytes, from, to, HTTP)) {
            absolute("http", method, bytes, from + HTTP.length, to);
        } else if (startsWith(bytes, from, to, HTTPS)) {
            absolute("https", method, bytes, from + HTTPS.length, to);
        } else {
            throw ProtocolViolation
                    .malformed("The request target is neither an absolute path nor an http or https URI.");
        }
    }

    /** The path, normalised; {@code *} for a request about the server as a whole. */
    String path() {
        return path;
    }

    @Nullable
    String query() {
        return query;
    }

    /** The scheme of a target in absolute form, else null. */
    @Nullable
    String scheme() {
        return scheme;
    }

    /** The authority of a target in absolute form, as sent, else null. */
    @Nullable
    String authority() {
        return authority;
    }

    private void asterisk(String method) throws ProtocolViolation {
        if (!method.equals("OPTIONS")) {
            throw ProtocolViolation.malformed("The target `*` goes with the method OPTIONS only.");
        }
        path = "*";
    }

    private void absolute(String targetScheme, String method, byte[] bytes, int from, int to) throws ProtocolViolation {
        int at = from;
        while (at < to && bytes[at] != '/' && bytes[at] != '?') {
            at++;
        }
        scheme = targetScheme;
        authority = new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
        if (at < to && bytes[at] == '/') {
            pathAndQuery(bytes, at, to);
        } else if (at < to) {
            path = "/";
            query(bytes, at + 1, to);
        } else {
            path = method.equals("OPTIONS") ? "*" : "/";
        }
    }

    private void pathAndQuery(byte[] bytes, int from, int to) throws ProtocolViolation {
        int at = from;
        while (at < to && bytes[at] != '?') {
            at++;
        }
        path = PathNormaliser.normalise(bytes, from, at);
        if (at < to) {
            query(bytes, at + 1, to);
        }
    }

    private void query(byte[] bytes, int from, int to) throws ProtocolViolation {
        for (int i = from; i < to; i++) {
            if (!Characters.isQuery(bytes[i])) {
                throw ProtocolViolation.malformed("The query holds a character that must be percent-encoded.");
            }
        }
        query = from == to ? null : new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
        if (to - from < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            byte c = bytes[from + i];
            if ((Characters.isUpperCase(c) ? c + 32 : c) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
