package dev.sallyport.gateway.call;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes JSON (RFC 8259) as UTF-8 into a buffer that it keeps: no tree, no reflection, nothing allocated once it is warm.
 *
 * <p>The caller sees to the structure (a name before each value of an object); commas come by themselves. Control
 * characters, quotes and backslashes are escaped, lone surrogates become U+FFFD, so that any string yields valid JSON.
 * Not safe for use by several threads.
 */
public final class JsonWriter {
    private static final byte[] HEXADECIMAL = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    private byte[] bytes;
    private int length;
    private boolean comma;

    public JsonWriter(int expectedBytes) {
        bytes = new byte[Math.max(64, expectedBytes)];
    }

    public JsonWriter clear() {
        length = 0;
        comma = false;
        return this;
    }

    /** Takes back what was written since {@link #length} was {@code earlier}, whole values only. */
    public JsonWriter rewind(int earlier) {
        length = earlier;
        comma = false;
        return this;
    }

    public int length() {
        return length;
    }

    public JsonWriter beginObject() {
        return open('{');
    }

    public JsonWriter endObject() {
        return close('}');
    }

    public JsonWriter beginArray() {
        return open('[');
    }

    public JsonWriter endArray() {
        return close(']');
    }

    public JsonWriter name(String name) {
        separate();
        quoted(name);
        put(':');
        comma = false;
        return this;
    }

    /** A name that has been encoded before by {@link #encodeName}. */
    public JsonWriter name(byte[] encoded) {
        separate();
        ensure(encoded.length);
        System.arraycopy(encoded, 0, bytes, length, encoded.length);
        length += encoded.length;
        comma = false;
        return this;
    }

    public static byte[] encodeName(String name) {
        return new JsonWriter(name.length() + 3).name(name).toBytes();
    }

    public JsonWriter string(String value) {
        separate();
        quoted(value);
        comma = true;
        return this;
    }

    public JsonWriter number(long value) {
        separate();
        decimal(value);
        comma = true;
        return this;
    }

    public JsonWriter bool(boolean value) {
        separate();
        ascii(value ? "true" : "false");
        comma = true;
        return this;
    }

    public JsonWriter nothing() {
        separate();
        ascii("null");
        comma = true;
        return this;
    }

    /** A string, a boolean, a whole number, an iterable of these, or null. */
    public JsonWriter value(@org.jspecify.annotations.Nullable Object value) {
        return switch (value) {
            case null -> nothing();
            case String text -> string(text);
            case Boolean flag -> bool(flag);
            case Integer number -> number(number);
            case Long number -> number(number);
            case Iterable<?> values -> {
                beginArray();
                for (Object each : values) {
                    value(each);
                }
                yield endArray();
            }
            default -> throw new IllegalArgumentException("no JSON form for " + value.getClass());
        };
    }

    /** Ends a line of a log: a line feed outside all values. */
    public JsonWriter newLine() {
        put('\n');
        comma = false;
        return this;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private JsonWriter open(char bracket) {
        separate();
        put(bracket);
        comma = false;
        return this;
    }

    private JsonWriter close(char bracket) {
        put(bracket);
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            put(',');
        }
    }

    private void put(int character) {
        ensure(1);
        bytes[length++] = (byte) character;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    @SuppressWarnings("deprecation") // copies the low bytes of an ASCII string without encoding
    private void ascii(String text) {
        int size = text.length();
        ensure(size);
        text.getBytes(0, size, bytes, length);
        length += size;
    }

    private void decimal(long value) {
        if (value == Long.MIN_VALUE) {
            ascii("-9223372036854775808");
            return;
        }
        ensure(20);
        if (value < 0) {
            bytes[length++] = '-';
            value = -value;
        }
        int digits = 1;
        for (long power = 10; digits < 19 && value >= power; power *= 10) {
            digits++;
        }
        int end = length + digits;
        int at = end;
        do {
            bytes[--at] = (byte) ('0' + value % 10);
            value /= 10;
        } while (value != 0);
        length = end;
    }

    private void quoted(String text) {
        int size = text.length();
        ensure(size * 6 + 2);
        byte[] out = bytes;
        int at = length;
        out[at++] = '"';
        for (int i = 0; i < size; i++) {
            char character = text.charAt(i);
            if (character >= 0x80) {
                length = at;
                i += beyondAscii(text, i);
                at = length;
            } else if (character < 0x20 || character == '"' || character == '\\' || character == 0x7f) {
                at = escaped(character, out, at);
            } else {
                out[at++] = (byte) character;
            }
        }
        out[at++] = '"';
        length = at;
    }

    private static int escaped(char character, byte[] out, int start) {
        int at = start;
        out[at++] = '\\';
        switch (character) {
            case '"', '\\' -> out[at++] = (byte) character;
            case '\n' -> out[at++] = 'n';
            case '\r' -> out[at++] = 'r';
            case '\t' -> out[at++] = 't';
            default -> {
                out[at++] = 'u';
                out[at++] = '0';
                out[at++] = '0';
                out[at++] = HEXADECIMAL[character >> 4];
                out[at++] = HEXADECIMAL[character & 15];
            }
        }
        return at;
    }

    /** Encodes the code point at {@code index}; room for it has been made. Returns how many further characters it took. */
    private int beyondAscii(String text, int index) {
        char character = text.charAt(index);
        if (character < 0x800) {
            bytes[length++] = (byte) (0xc0 | character >> 6);
            bytes[length++] = (byte) (0x80 | character & 0x3f);
            return 0;
        }
        if (!Character.isSurrogate(character)) {
            bytes[length++] = (byte) (0xe0 | character >> 12);
            bytes[length++] = (byte) (0x80 | character >> 6 & 0x3f);
            bytes[length++] = (byte) (0x80 | character & 0x3f);
            return 0;
        }
        if (Character.isHighSurrogate(character) && index + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(index + 1))) {
            int point = Character.toCodePoint(character, text.charAt(index + 1));
            bytes[length++] = (byte) (0xf0 | point >> 18);
            bytes[length++] = (byte) (0x80 | point >> 12 & 0x3f);
            bytes[length++] = (byte) (0x80 | point >> 6 & 0x3f);
            bytes[length++] = (byte) (0x80 | point & 0x3f);
            return 1;
        }
        System.arraycopy(REPLACEMENT, 0, bytes, length, REPLACEMENT.length);
        length += REPLACEMENT.length;
        return 0;
    }
}
