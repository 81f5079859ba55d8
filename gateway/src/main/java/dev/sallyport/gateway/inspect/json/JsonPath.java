package dev.sallyport.gateway.inspect.json;

/** Writes the JSON Pointer (RFC 6901) of a place that was found; what a caller made too long is shortened with an ellipsis. */
final class JsonPath {
    private static final int NAME_MAX = 64;
    private static final int LENGTH_MAX = 512;

    private final StringBuilder pointer = new StringBuilder();

    JsonPath element(long index) {
        return token(Long.toString(index));
    }

    /** A member whose sound name is written from {@code start} up to {@code end}. */
    JsonPath member(byte[] bytes, int start, int end) {
        String name = JsonCursor.text(bytes, start, end);
        if (name.length() > NAME_MAX) {
            int cut = Character.isHighSurrogate(name.charAt(NAME_MAX - 1)) ? NAME_MAX - 1 : NAME_MAX;
            name = name.substring(0, cut) + "…";
        }
        return member(name);
    }

    JsonPath member(String name) {
        return token(name.replace("~", "~0").replace("/", "~1"));
    }

    private JsonPath token(String token) {
        if (pointer.length() + token.length() < LENGTH_MAX) {
            pointer.append('/').append(token);
        } else if (pointer.charAt(pointer.length() - 1) != '…') {
            pointer.append("/…");
        }
        return this;
    }

    @Override
    public String toString() {
        return pointer.toString();
    }
}
