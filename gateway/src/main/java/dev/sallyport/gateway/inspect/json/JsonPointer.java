package dev.sallyport.gateway.inspect.json;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A JSON Pointer (RFC 6901), read once. */
public final class JsonPointer {
    private static final int NO_INDEX = -1;
    private static final int EVERY = -2;

    private final String text;
    private final byte[][] tokens;
    private final int[] indices;

    private JsonPointer(String text, List<String> tokens) {
        this.text = text;
        this.tokens = tokens.stream().map(token -> token.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        indices = tokens.stream().mapToInt(JsonPointer::index).toArray();
    }

    /**
     * @param text empty for the whole text, or tokens that each begin with a slash
     * @throws IllegalArgumentException when it is no JSON Pointer; the message says why
     */
    public static JsonPointer of(String text) {
        requireNonNull(text, "text is null");
        if (!text.isEmpty() && text.charAt(0) != '/') {
            throw new IllegalArgumentException("a JSON Pointer begins with `/`");
        }
        List<String> tokens = new ArrayList<>();
        int start = 1;
        while (start <= text.length()) {
            int slash = text.indexOf('/', start);
            int end = slash < 0 ? text.length() : slash;
            tokens.add(unescaped(text.substring(start, end)));
            start = end + 1;
        }
        return new JsonPointer(text, tokens);
    }

    private static String unescaped(String token) {
        for (int tilde = token.indexOf('~'); tilde >= 0; tilde = token.indexOf('~', tilde + 1)) {
            if (tilde + 1 == token.length() || token.charAt(tilde + 1) != '0' && token.charAt(tilde + 1) != '1') {
                throw new IllegalArgumentException("`~` in a JSON Pointer is written `~0`, and `/` is written `~1`");
            }
        }
        return token.replace("~1", "/").replace("~0", "~");
    }

    private static int index(String token) {
        if (token.equals("*") || token.equals("-")) {
            return EVERY;
        }
        boolean digits = !token.isEmpty() && token.length() < 10 && token.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && (token.length() == 1 || token.charAt(0) != '0') ? Integer.parseInt(token) : NO_INDEX;
    }

    int length() {
        return tokens.length;
    }

    /** Whether the token at {@code level} stands for where the cursor is; {@code *} and {@code -} stand for every element and member. */
    boolean matches(int level, JsonCursor cursor) {
        int index = indices[level];
        return cursor.object()
                ? index == EVERY || cursor.named(tokens[level])
                : index == EVERY || index == cursor.index();
    }

    /** Where the value at this pointer begins in a sound text; -1 when there is none. */
    int find(byte[] bytes) {
        int at = JsonScanner.space(bytes, 0);
        for (int level = 0; level < tokens.length; level++) {
            if (bytes[at] != '{' && bytes[at] != '[') {
                return -1;
            }
            JsonCursor cursor = new JsonCursor(bytes, at);
            at = -1;
            while (at < 0 && cursor.next()) {
                boolean here = cursor.object() ? cursor.named(tokens[level]) : cursor.index() == indices[level];
                at = here ? cursor.value() : -1;
            }
            if (at < 0) {
                return -1;
            }
        }
        return at;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonPointer pointer && pointer.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
