package dev.sallyport.gateway.inspect.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Steps through the members of one object, or the elements of one array, of a text that was found sound. */
final class JsonCursor {
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private final byte[] bytes;
    private final boolean object;
    private int nameStart;
    private int nameEnd;
    private int value = -1;
    private int behind;
    private int index = -1;

    /** @param container the index of the bracket */
    JsonCursor(byte[] bytes, int container) {
        this.bytes = bytes;
        object = bytes[container] == '{';
        behind = container + 1;
    }

    /** Steps to the next member or element; false when there is none, and {@link #end} is then the index behind the container. */
    boolean next() {
        int at = JsonScanner.space(bytes, end());
        if (index < 0 && bytes[at] != ']' && bytes[at] != '}' || bytes[at] == ',') {
            index++;
            if (bytes[at] == ',') {
                at = JsonScanner.space(bytes, at + 1);
            }
            if (object) {
                nameStart = at + 1;
                int colon = JsonStrings.end(bytes, nameStart);
                nameEnd = colon - 1;
                at = JsonScanner.space(bytes, JsonScanner.space(bytes, colon) + 1);
            }
            value = at;
            behind = -1;
            return true;
        }
        behind = at + 1;
        return false;
    }

    boolean object() {
        return object;
    }

    /** Of an element, from 0. */
    int index() {
        return index;
    }

    /** Where the value begins. */
    int value() {
        return value;
    }

    /** The first byte of the name, behind its quote. */
    int nameStart() {
        return nameStart;
    }

    int nameEnd() {
        return nameEnd;
    }

    /** The index behind the value. */
    int end() {
        if (behind < 0) {
            behind = skip(bytes, value);
        }
        return behind;
    }

    /** Tells where the value ends, so that it need not be looked for. */
    void ended(int end) {
        behind = end;
    }

    boolean named(byte[] name) {
        return means(bytes, nameStart, nameEnd, name);
    }

    /** What the name means, without its escapes. */
    String name() {
        return text(bytes, nameStart, nameEnd);
    }

    /** What the string means whose content lies from {@code start} up to {@code end}. */
    static String text(byte[] bytes, int start, int end) {
        byte[] plain = new byte[end - start];
        return new String(plain, 0, JsonStrings.unescape(bytes, start, end, plain), StandardCharsets.UTF_8);
    }

    /** Whether the string whose content lies from {@code start} up to {@code end} means {@code plain}, however it is escaped. */
    static boolean means(byte[] bytes, int start, int end, byte[] plain) {
        if (Arrays.equals(bytes, start, end, plain, 0, plain.length)) {
            return true;
        }
        if (end - start <= plain.length || end - start > 6 * plain.length) {
            return false; // an escape only makes a name longer
        }
        byte[] unescaped = new byte[end - start];
        int length = JsonStrings.unescape(bytes, start, end, unescaped);
        return Arrays.equals(unescaped, 0, length, plain, 0, plain.length);
    }

    /** The value of the member of this name; -1 when the object has none. */
    static int member(byte[] bytes, int object, byte[] name) {
        JsonCursor cursor = new JsonCursor(bytes, object);
        while (cursor.next()) {
            if (cursor.named(name)) {
                return cursor.value();
            }
        }
        return -1;
    }

    static boolean number(byte lead) {
        return lead == '-' || lead >= '0' && lead <= '9';
    }

    /** The index behind the value that begins at {@code start}. */
    static int skip(byte[] bytes, int start) {
        return switch (bytes[start]) {
            case '"' -> JsonStrings.end(bytes, start + 1);
            case '{', '[' -> skipContainer(bytes, start + 1);
            default -> skipScalar(bytes, start);
        };
    }

    private static int skipScalar(byte[] bytes, int start) {
        int at = start;
        while (bytes[at] > ' ' && bytes[at] != ',' && bytes[at] != ']' && bytes[at] != '}') {
            at++;
        }
        return at;
    }

    private static int skipContainer(byte[] bytes, int start) {
        int at = start;
        for (int depth = 1; depth > 0;) {
            long marks = structural((long) JsonText.WORD.get(bytes, at));
            if (marks == 0) {
                at += 8;
                continue;
            }
            at += Long.numberOfTrailingZeros(marks) >>> 3;
            byte found = bytes[at];
            if (found == '"') {
                at = JsonStrings.end(bytes, at + 1);
                continue;
            }
            depth += found == '{' || found == '[' ? 1 : -1;
            at++;
        }
        return at;
    }

    /** The top bit of each quote and bracket: setting bit 5 makes braces of square brackets. The lowest set bit is right. */
    private static long structural(long word) {
        long braces = word | ONES * 0x20;
        long quote = word ^ ONES * '"';
        long open = braces ^ ONES * '{';
        long close = braces ^ ONES * '}';
        return (quote - ONES & ~quote | open - ONES & ~open | close - ONES & ~close) & TOPS;
    }
}
