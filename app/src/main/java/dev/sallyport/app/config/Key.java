package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import dev.sallyport.app.config.Notation.Malformed;
import org.jspecify.annotations.Nullable;

/**
 * A key with one value, or with one or a list of them.
 *
 * @param fallback what holds when the key is absent, in its notation; null when its absence means something of its own
 * @param several  whether a list is allowed
 */
record Key<T>(String name, Notation<T> notation, @Nullable String fallback, boolean several, String meaning)
        implements Section.Item {
    Key {
        requireNonNull(name, "name is null");
        requireNonNull(notation, "notation is null");
        requireNonNull(meaning, "meaning is null");
    }

    static <T> Key<T> optional(String name, Notation<T> notation, String meaning) {
        return new Key<>(name, notation, null, false, meaning);
    }

    static <T> Key<T> with(String name, Notation<T> notation, String fallback, String meaning) {
        return new Key<>(name, notation, fallback, false, meaning);
    }

    static <T> Key<T> several(String name, Notation<T> notation, String meaning) {
        return new Key<>(name, notation, null, true, meaning);
    }

    T fallbackValue() {
        try {
            return notation.parse(requireNonNull(fallback, "fallback is null"));
        } catch (Malformed wrong) {
            throw new IllegalStateException("the default of " + name + " breaks its own notation", wrong);
        }
    }
}
