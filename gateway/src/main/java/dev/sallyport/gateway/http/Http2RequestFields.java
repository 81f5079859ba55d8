package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder.SensitivityDetector;
import java.util.Iterator;
import java.util.Map.Entry;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The header or trailer section of a request as Netty's HPACK encoder reads it, without a copy of our fields. */
final class Http2RequestFields extends DefaultHttp2Headers {
    private static final CharSequence[] NONE = {};

    /** Fields that must not, or had better not, enter HPACK's table: secrets (RFC 7541 section 7.1.3), and values that never come again. */
    static final SensitivityDetector NEVER_INDEXED = (name, value) -> switch (name.toString()) {
        case "authorization", "cookie", "x-api-key", "sallyport-call", "sallyport-timeout-ms", "grpc-timeout",
                "x-request-id", "traceparent",
                "content-length", "if-none-match", "if-modified-since", "range" -> true;
        default -> false;
    };

    /** Names and values in turn. */
    private final CharSequence[] first;
    private final Headers headers;

    private Http2RequestFields(CharSequence[] first, Headers headers) {
        super(false, false, 0);
        this.first = first;
        this.headers = headers;
    }

    static Http2RequestFields head(RequestHead head, String scheme) {
        String path = head.query() == null ? head.path() : head.path() + "?" + head.query();
        if (head.contentLength() > 0) {
            return new Http2RequestFields(
                    new CharSequence[]{":method", head.method(), ":scheme", scheme, ":authority", head.authority(),
                        ":path", path, "content-length",
                        Long.toString(head.contentLength())},
                    head.headers());
        }
        return new Http2RequestFields(
                new CharSequence[]{":method", head.method(), ":scheme", scheme, ":authority", head.authority(), ":path",
                    path},
                head.headers());
    }

    static Http2RequestFields trailers(Headers trailers) {
        return new Http2RequestFields(NONE, trailers);
    }

    @Override
    public @Nullable CharSequence method() {
        return first.length == 0 ? null : first[1];
    }

    @Override
    public int size() {
        return first.length / 2 + headers.size();
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public Iterator<Entry<CharSequence, CharSequence>> iterator() {
        return new Fields();
    }

    /** Is its own one entry: the encoder looks at each entry before it asks for the next. */
    private final class Fields
            implements Iterator<Entry<CharSequence, CharSequence>>, Entry<CharSequence, CharSequence> {
        private int at = -1;

        @Override
        public boolean hasNext() {
            return at + 1 < size();
        }

        @Override
        public Entry<CharSequence, CharSequence> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            at++;
            return this;
        }

        @Override
        public CharSequence getKey() {
            return at < first.length / 2 ? first[2 * at] : headers.name(at - first.length / 2);
        }

        @Override
        public CharSequence getValue() {
            return at < first.length / 2 ? first[2 * at + 1] : headers.value(at - first.length / 2);
        }

        @Override
        public CharSequence setValue(CharSequence replacement) {
            throw new UnsupportedOperationException("a section that is being sent does not change");
        }
    }
}
