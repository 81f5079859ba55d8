package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.RefusalCode;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One header or trailer section of a client, checked field by field as it comes out of HPACK (RFC 9113 section 8).
 *
 * <p>Netty sees an empty list of headers: the fields go straight to a {@link FieldSection}. What is wrong is remembered
 * rather than thrown, because the rest of the section must still be decoded to keep HPACK's table right.
 */
final class Http2Section extends DefaultHttp2Headers {
    private static final int ENTRY_OVERHEAD_BYTES = 32;

    private final boolean trailers;
    private final Limits limits;
    private final FieldSection fields;

    private @Nullable String method;
    private @Nullable String scheme;
    private @Nullable String authority;
    private @Nullable AsciiString path;
    private @Nullable String tunnelProtocol;
    private @Nullable String cookie;
    private boolean fieldSeen;
    private long bytes;
    private @Nullable String malformed;
    private @Nullable ProtocolViolation violation;

    Http2Section(boolean trailers, Limits limits) {
        super(false, false, 0);
        this.trailers = trailers;
        this.limits = limits;
        fields = new FieldSection(trailers ? FieldSection.Kind.TRAILERS : FieldSection.Kind.REQUEST, limits);
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (malformed != null || violation != null) {
            return this;
        }
        bytes += name.length() + value.length() + ENTRY_OVERHEAD_BYTES;
        if (bytes > limits.headerBytes()) {
            violation = new ProtocolViolation(RefusalCode.HEADER_TOO_LARGE,
                    "The header section is larger than " + limits.headerBytes() + " bytes.");
            return this;
        }
        AsciiString ownName = AsciiString.of(name);
        AsciiString ownValue = AsciiString.of(value);
        if (!ownName.isEmpty() && ownName.byteAt(0) == ':') {
            malformed = pseudoField(ownName.toString(), ownValue);
        } else {
            malformed = field(ownName, ownValue);
        }
        return this;
    }

    /** @return what makes the message malformed, or null */
    private @Nullable String pseudoField(String name, AsciiString value) {
        if (trailers) {
            return "a pseudo-header field in trailers";
        }
        if (fieldSeen) {
            return "a pseudo-header field behind an ordinary field";
        }
        if (!isValue(value)) {
            return "a pseudo-header field with a character that no field may have";
        }
        boolean twice;
        switch (name) {
            case ":method" -> {
                twice = method != null;
                method = value.toString();
            }
            case ":scheme" -> {
                twice = scheme != null;
                scheme = value.toString();
            }
            case ":authority" -> {
                twice = authority != null;
                authority = value.toString();
            }
            case ":path" -> {
                twice = path != null;
                path = value;
            }
            case ":protocol" -> {
                twice = tunnelProtocol != null;
                tunnelProtocol = value.toString();
            }
            default -> {
                return "an unknown pseudo-header field";
            }
        }
        return twice ? "a pseudo-header field that stands twice" : null;
    }

    private @Nullable String field(AsciiString name, AsciiString value) {
        fieldSeen = true;
        if (!isLowerCaseToken(name)) {
            return "a field name that is empty, not lower case, or has a character that no name may have";
        }
        if (!isValue(value)) {
            return "a field value with white space around it, or a character that no value may have";
        }
        String text = name.toString();
        switch (text) {
            case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade" -> {
                return "a field that speaks of the connection";
            }
            case "te" -> {
                if (!value.contentEqualsIgnoreCase("trailers")) {
                    return "a `te` field that asks for more than trailers";
                }
            }
            case "cookie" -> {
                // RFC 9113 section 8.2.3: crumbs, which one HTTP/1.1 field must hold again.
                cookie = cookie == null ? value.toString() : cookie + "; " + value;
                return null;
            }
            default -> {
            }
        }
        try {
            fields.add(text, value.toString());
        } catch (ProtocolViolation e) {
            violation = e;
        }
        return null;
    }

    private static boolean isLowerCaseToken(AsciiString name) {
        byte[] array = name.array();
        int to = name.arrayOffset() + name.length();
        for (int i = name.arrayOffset(); i < to; i++) {
            byte c = array[i];
            if (c == 0 || Characters.tokenLower(c) != c) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isValue(AsciiString value) {
        byte[] array = value.array();
        int from = value.arrayOffset();
        int to = from + value.length();
        for (int i = from; i < to; i++) {
            if (!Characters.isFieldValue(array[i])) {
                return false;
            }
        }
        return from == to || !isBlank(array[from]) && !isBlank(array[to - 1]);
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    /** The section has come whole. */
    void complete() {
        if (malformed != null || violation != null) {
            return;
        }
        try {
            if (cookie != null) {
                fields.add("cookie", cookie);
            }
            fields.complete();
        } catch (ProtocolViolation e) {
            violation = e;
        }
    }

    /** What makes the message malformed in the sense of RFC 9113 section 8.1.1, or null. */
    @Nullable
    String malformed() {
        return malformed;
    }

    /** What rule or bound of ours is broken, or null. */
    @Nullable
    ProtocolViolation violation() {
        return violation;
    }

    boolean trailers() {
        return trailers;
    }

    FieldSection fields() {
        return fields;
    }

    @Override
    public @Nullable String method() {
        return method;
    }

    @Override
    public @Nullable String scheme() {
        return scheme;
    }

    @Override
    public @Nullable String authority() {
        return authority;
    }

    @Override
    public @Nullable AsciiString path() {
        return path;
    }

    @Override
    public List<CharSequence> getAll(CharSequence name) {
        return List.of();
    }

    /** The value of {@code :protocol} (RFC 8441 section 4). */
    @Nullable
    String tunnelProtocol() {
        return tunnelProtocol;
    }
}
