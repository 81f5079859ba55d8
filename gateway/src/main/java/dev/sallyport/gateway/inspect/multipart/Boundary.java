package dev.sallyport.gateway.inspect.multipart;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sallyport.gateway.inspect.media.MediaType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What parts the parts (RFC 2046 section 5.1.1): two hyphens and the boundary. Found by the method of Knuth, Morris and
 * Pratt, because whoever chooses both boundary and content could make any quicker one slow.
 */
public final class Boundary {
    private static final int CHARACTERS_MAX = 70;

    private final byte[] delimiter;
    private final int[] borders;

    private Boundary(String boundary) {
        delimiter = ("--" + boundary).getBytes(ISO_8859_1);
        borders = borders(delimiter);
    }

    /**
     * The boundary that {@code type} names; null when there is none, when it breaks its syntax, or when it has a space, which
     * some readers cut off. A parameter that is neither {@code boundary} nor a UTF-8 {@code charset} yields null as well: {@code boundary*}
     * (RFC 2231) would be another boundary to some.
     */
    public static @Nullable Boundary of(MediaType type) {
        String boundary = type.parameter("boundary");
        int known = 1 + (type.parameter("charset") == null ? 0 : 1);
        if (boundary == null || type.parameters().size() != known || !type.isUtf8() || boundary.isEmpty()
                || boundary.length() > CHARACTERS_MAX) {
            return null;
        }
        for (int i = 0; i < boundary.length(); i++) {
            char c = boundary.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                    || "'()+_,-./:=?".indexOf(c) >= 0)) {
                return null;
            }
        }
        return new Boundary(boundary);
    }

    private static int[] borders(byte[] pattern) {
        int[] borders = new int[pattern.length];
        int border = 0;
        for (int i = 1; i < pattern.length; i++) {
            while (border > 0 && pattern[i] != pattern[border]) {
                border = borders[border - 1];
            }
            if (pattern[i] == pattern[border]) {
                border++;
            }
            borders[i] = border;
        }
        return borders;
    }

    /** Bytes of the delimiter, hyphens included. */
    int length() {
        return delimiter.length;
    }

    boolean isAt(ByteBuffer body, int index) {
        if (body.limit() - index < delimiter.length) {
            return false;
        }
        for (int i = 0; i < delimiter.length; i++) {
            if (body.get(index + i) != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    /** Where the delimiter occurs first from {@code start} on; -1 when nowhere. */
    int find(ByteBuffer body, int start) {
        byte first = delimiter[0];
        int limit = body.limit();
        int matched = 0;
        for (int i = start; i < limit; i++) {
            byte next = body.get(i);
            if (matched == 0 && next != first) {
                continue;
            }
            while (matched > 0 && next != delimiter[matched]) {
                matched = borders[matched - 1];
            }
            if (next == delimiter[matched] && ++matched == delimiter.length) {
                return i - matched + 1;
            }
        }
        return -1;
    }
}
