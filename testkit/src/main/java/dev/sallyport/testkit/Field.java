package dev.sallyport.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A header field; the name is in lower case. */
public record Field(String name, String value) {
    /** The first value of {@code name} (lower case), or null. */
    public static @Nullable String first(List<Field> fields, String name) {
        return fields.stream().filter(field -> field.name().equals(name)).map(Field::value).findFirst().orElse(null);
    }
}
