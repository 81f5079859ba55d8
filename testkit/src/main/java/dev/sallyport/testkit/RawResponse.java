package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response as it stood on the wire of HTTP/1.1; chunks are put together. */
public record RawResponse(int status, List<Field> fields, byte[] body) {
    public RawResponse {
        fields = List.copyOf(fields);
    }

    /** The first value of {@code name} (lower case), or null. */
    public @Nullable String field(String name) {
        return Field.first(fields, name);
    }

    public String text() {
        return new String(body, UTF_8);
    }
}
