package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder.SensitivityDetector;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map.Entry;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The header or trailer section of a response as Netty's HPACK encoder reads it, without a copy of our fields. */
final class Http2ResponseFields extends DefaultHttp2Headers {
    private static final AsciiString STATUS = AsciiString.cached(":status");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");

    private final @Nullable AsciiString status;
    private final long contentLength;
    private final Headers headers;

    /** @param contentLength negative when there is no such field */
    Http2ResponseFields(int status, long contentLength, Headers headers) {
        super(false, false, 0);
        this.status = HttpResponseStatus.valueOf(status).codeAsText();
        this.contentLength = contentLength;
        this.headers = headers;
    }

    /** A trailer section. */
    Http2ResponseFields(Headers trailers) {
        super(false, false, 0);
        status = null;
        contentLength = -1;
        headers = trailers;
    }

    /** Fields that must not, or had better not, enter HPACK's table: secrets (RFC 7541 section 7.1.3), and values that never come again. */
    static final SensitivityDetector NEVER_INDEXED = (name, value) -> switch (name.toString()) {
        case "set-cookie", "www-authenticate", "sallyport-call", "x-request-id", "ratelimit", "retry-after", "etag",
                "last-modified",
                "content-range", "grpc-status-details-bin", "grpc-message", "server-timing" -> true;
        default -> false;
    };

    @Override
    public @Nullable CharSequence status() {
        return status;
    }

    @Override
    public int size() {
        return headers.size() + (status == null ? 0 : 1) + (contentLength < 0 ? 0 : 1);
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public Iterator<Entry<CharSequence, CharSequence>> iterator() {
        return new Fields();
    }

    /** A control character becomes a space (RFC 9110 section 5.5); what is no byte, a question mark. */
    private static String clean(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c > 0xff || !Characters.isFieldValue((byte) c)) {
                return cleaned(value);
            }
        }
        return value;
    }

    private static String cleaned(String value) {
        char[] characters = value.toCharArray();
        for (int i = 0; i < characters.length; i++) {
            char c = characters[i];
            characters[i] = c > 0xff ? '?' : Characters.isFieldValue((byte) c) ? c : ' ';
        }
        return new String(characters).strip();
    }

    /** Is its own one entry: the encoder looks at each entry before it asks for the next. */
    private final class Fields
            implements Iterator<Entry<CharSequence, CharSequence>>, Entry<CharSequence, CharSequence> {
        private int next = status != null ? -2 : 0;
        private CharSequence name = "";
        private CharSequence value = "";

        @Override
        public boolean hasNext() {
            return next < headers.size();
        }

        @Override
        public Entry<CharSequence, CharSequence> next() {
            if (next >= headers.size()) {
                throw new NoSuchElementException();
            }
            if (next == -2 && status != null) {
                name = STATUS;
                value = status;
                next = contentLength < 0 ? 0 : -1;
            } else if (next == -1) {
                name = CONTENT_LENGTH;
                value = Long.toString(contentLength);
                next = 0;
            } else {
                name = headers.name(next);
                value = clean(headers.value(next));
                next++;
            }
            return this;
        }

        @Override
        public CharSequence getKey() {
            return name;
        }

        @Override
        public CharSequence getValue() {
            return value;
        }

        @Override
        public CharSequence setValue(CharSequence replacement) {
            throw new UnsupportedOperationException();
        }
    }
}
