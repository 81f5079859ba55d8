package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes heads of HTTP/1.1 messages: one pass over a scratch array, then one copy into the buffer. A control character can
 * never reach the wire: in a field it becomes a space (RFC 9110 section 5.5), in a start line it is an error.
 */
final class HeadWriter {
    private static final byte[] VERSION_AND_HOST = ascii(" HTTP/1.1\r\nhost: ");
    private static final byte[] CONTENT_LENGTH = ascii("content-length: ");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
    private static final byte[] CONNECTION = ascii("connection: ");
    private static final byte[] UPGRADE = ascii("upgrade: ");
    private static final byte[] LAST_CHUNK = ascii("0\r\n");
    private static final int STATUS_MIN = 100;
    private static final byte[][] STATUS_LINES = new byte[500][];

    static {
        for (int i = 0; i < STATUS_LINES.length; i++) {
            HttpResponseStatus status = HttpResponseStatus.valueOf(STATUS_MIN + i);
            STATUS_LINES[i] = ascii("HTTP/1.1 " + status.code() + ' '
                    + (status.reasonPhrase().startsWith("Unknown") ? "" : status.reasonPhrase()) + "\r\n");
        }
    }

    private final Scratch scratch;
    private byte[] bytes;
    private int length;

    HeadWriter(Scratch scratch) {
        this.scratch = scratch;
        bytes = scratch.bytes();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Begins a response with its status line. */
    HeadWriter status(int status) {
        begin();
        if (status < STATUS_MIN || status >= STATUS_MIN + STATUS_LINES.length) {
            throw new IllegalArgumentException("no status: " + status);
        }
        raw(STATUS_LINES[status - STATUS_MIN]);
        return this;
    }

    /** Begins a request with its request line and {@code Host}. */
    HeadWriter requestLine(RequestHead head) {
        begin();
        text(head.method());
        requireVisible(0);
        raw((byte) ' ');
        int target = length;
        text(head.path());
        if (head.query() != null) {
            raw((byte) '?');
            text(head.query());
        }
        requireVisible(target);
        raw(VERSION_AND_HOST);
        int host = length;
        text(head.authority());
        requireVisible(host);
        endLine();
        return this;
    }

    HeadWriter fields(Headers headers) {
        for (int i = 0; i < headers.size(); i++) {
            field(headers.name(i), headers.value(i));
        }
        return this;
    }

    HeadWriter field(String name, String value) {
        int from = length;
        text(name);
        raw((byte) ':');
        raw((byte) ' ');
        text(value);
        for (int i = from; i < length; i++) {
            if (!Characters.isFieldValue(bytes[i])) {
                bytes[i] = ' ';
            }
        }
        endLine();
        return this;
    }

    HeadWriter contentLength(long value) {
        raw(CONTENT_LENGTH);
        decimal(value);
        endLine();
        return this;
    }

    HeadWriter chunked() {
        raw(CHUNKED);
        return this;
    }

    /** @param options such as {@code close} */
    HeadWriter connection(String options) {
        raw(CONNECTION);
        text(options);
        endLine();
        return this;
    }

    /** The fields that ask for, or grant, a tunnel of {@code protocol}. */
    HeadWriter upgrade(String protocol) {
        connection("upgrade");
        raw(UPGRADE);
        text(protocol);
        endLine();
        return this;
    }

    /** How many bytes the head has so far. */
    int length() {
        return length;
    }

    /** Ends the head and appends it to {@code out}. */
    void writeTo(ByteBuf out) {
        endLine();
        out.writeBytes(bytes, 0, length);
    }

    /** Appends the last chunk and {@code trailers} to {@code out}. */
    void writeLastChunk(ByteBuf out, @Nullable Headers trailers) {
        begin();
        raw(LAST_CHUNK);
        if (trailers != null) {
            fields(trailers);
        }
        writeTo(out);
    }

    private void begin() {
        bytes = scratch.bytes();
        length = 0;
    }

    private void requireVisible(int from) {
        for (int i = from; i < length; i++) {
            if (bytes[i] <= ' ' || bytes[i] == 0x7f) {
                throw new IllegalArgumentException(
                        "a request line or authority holds a character that it must not hold");
            }
        }
    }

    private void endLine() {
        raw((byte) '\r');
        raw((byte) '\n');
    }

    private void decimal(long value) {
        if (value == 0) {
            raw((byte) '0');
            return;
        }
        int digits = 0;
        for (long rest = value; rest > 0; rest /= 10) {
            digits++;
        }
        bytes = scratch.atLeast(length + digits);
        long rest = value;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    @SuppressWarnings("deprecation") // copies the low byte of each character without an encoder; the caller checks the bytes
    private void text(String text) {
        int count = text.length();
        bytes = scratch.atLeast(length + count);
        text.getBytes(0, count, bytes, length);
        length += count;
    }

    private void raw(byte[] source) {
        bytes = scratch.atLeast(length + source.length);
        System.arraycopy(source, 0, bytes, length, source.length);
        length += source.length;
    }

    private void raw(byte c) {
        bytes = scratch.atLeast(length + 1);
        bytes[length++] = c;
    }
}
