package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One header or trailer section of an upstream, checked field by field as it comes out of HPACK (RFC 9113 section 8).
 *
 * <p>Netty sees an empty list of headers: the fields go straight to a {@link FieldSection}. What is wrong is remembered
 * rather than thrown, because the rest of the section must still be decoded to keep HPACK's table right.
 */
final class Http2ResponseSection extends DefaultHttp2Headers {
    private static final int ENTRY_OVERHEAD_BYTES = 32;
    private static final String STATUS = ":status";

    private final boolean trailers;
    private final Limits limits;
    private final FieldSection fields;
    private @Nullable AsciiString status;
    private @Nullable ProtocolViolation violation;
    private boolean fieldSeen;
    private long bytes;

    Http2ResponseSection(boolean trailers, Limits limits) {
        super(false, false, 0);
        this.trailers = trailers;
        this.limits = limits;
        fields = new FieldSection(trailers ? FieldSection.Kind.TRAILERS : FieldSection.Kind.RESPONSE, limits);
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (violation == null) {
            try {
                take(AsciiString.of(name), AsciiString.of(value));
            } catch (ProtocolViolation broken) {
                violation = broken;
            }
        }
        return this;
    }

    private void take(AsciiString name, AsciiString value) throws ProtocolViolation {
        bytes += name.length() + value.length() + ENTRY_OVERHEAD_BYTES;
        if (bytes > limits.headerBytes()) {
            throw ProtocolViolation.malformed("A header section is larger than " + limits.headerBytes() + " bytes.");
        }
        if (!isValue(value)) {
            throw ProtocolViolation
                    .malformed("A field value holds a character that no value may hold, or white space around it.");
        }
        if (!name.isEmpty() && name.byteAt(0) == ':') {
            takeStatus(name, value);
            return;
        }
        fieldSeen = true;
        if (!isLowerCaseToken(name)) {
            throw ProtocolViolation
                    .malformed("A field name is empty, not lower case, or holds a character that no name may hold.");
        }
        String text = name.toString();
        switch (text) {
            case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade" ->
                    throw ProtocolViolation.malformed("A field of an HTTP/2 message speaks of the connection.");
            default -> fields.add(text, value.toString());
        }
    }

    private void takeStatus(AsciiString name, AsciiString value) throws ProtocolViolation {
        if (trailers || fieldSeen || status != null || !name.contentEquals(STATUS)) {
            throw ProtocolViolation.malformed("A pseudo-header field stands where none may, or is unknown.");
        }
        status = value;
    }

    private static boolean isLowerCaseToken(AsciiString name) {
        for (int i = 0; i < name.length(); i++) {
            byte c = name.byteAt(i);
            if (c == 0 || Characters.tokenLower(c) != c) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isValue(AsciiString value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            if (!Characters.isFieldValue(value.byteAt(i))) {
                return false;
            }
        }
        return length == 0 || !isBlank(value.byteAt(0)) && !isBlank(value.byteAt(length - 1));
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    /** The status of a section that is complete, 100 to 599 but 101. */
    int statusCode() throws ProtocolViolation {
        requireSound();
        AsciiString text = status;
        if (text == null || text.length() != 3 || text.byteAt(0) < '1' || text.byteAt(0) > '5'
                || !Characters.isDigit(text.byteAt(1))
                || !Characters.isDigit(text.byteAt(2)) || text.contentEquals("101")) {
            throw ProtocolViolation.malformed("The field `:status` is missing, or no status that HTTP/2 knows.");
        }
        return text.parseInt();
    }

    /** The fields that go on. */
    Headers headers() throws ProtocolViolation {
        requireSound();
        return fields.headers();
    }

    /** What {@code Content-Length} says, or {@link RequestHead#UNKNOWN_LENGTH}. */
    long contentLength() throws ProtocolViolation {
        return fields.contentLength() == null ? RequestHead.UNKNOWN_LENGTH : BodyLength.parse(fields.contentLength());
    }

    private void requireSound() throws ProtocolViolation {
        if (violation != null) {
            throw violation;
        }
    }

    boolean trailers() {
        return trailers;
    }

    @Override
    public @Nullable CharSequence status() {
        return status;
    }

    @Override
    public List<CharSequence> getAll(CharSequence name) {
        return List.of();
    }
}
