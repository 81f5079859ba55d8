package dev.sallyport.app.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What values of one notation look like, as keywords of JSON Schema 2020-12. It may be wider than the notation, whose
 * reader decides, and is narrower only in that numbers and `true` and `false` must stand without quotes.
 *
 * @param keywords such as {@code type}, {@code pattern}, {@code enum}, {@code minimum}
 */
record ValueSchema(Map<String, Object> keywords) {
    /** What YAML takes for a number or a truth value where we read a text. */
    private static final List<String> SCALARS = List.of("string", "number", "boolean");

    ValueSchema {
        keywords = Map.copyOf(keywords);
    }

    /** Any single value. */
    static ValueSchema anything() {
        return new ValueSchema(Map.of("type", SCALARS));
    }

    /** Texts of at most that many characters. */
    static ValueSchema text(int charactersMax) {
        return new ValueSchema(Map.of("type", SCALARS, "maxLength", charactersMax));
    }

    /** Texts that match the whole of an ECMA 262 pattern, and cannot be taken for numbers. */
    static ValueSchema matching(String pattern) {
        return new ValueSchema(Map.of("type", "string", "pattern", anchored(pattern)));
    }

    /** Likewise, but also what looks like a number. */
    static ValueSchema wordMatching(String pattern) {
        return new ValueSchema(Map.of("type", SCALARS, "pattern", anchored(pattern)));
    }

    static ValueSchema integer(long least, long most) {
        return new ValueSchema(Map.of("type", "integer", "minimum", least, "maximum", most));
    }

    static ValueSchema flag() {
        return new ValueSchema(Map.of("type", "boolean"));
    }

    /** One of a few words. */
    static ValueSchema words(List<String> words) {
        return new ValueSchema(Map.of("enum", List.copyOf(words)));
    }

    boolean isFlag() {
        return "boolean".equals(keywords.get("type"));
    }

    /** A value of the configuration as it stands in JSON. */
    Object json(String text) {
        return isFlag() ? Boolean.valueOf(text)
                : "integer".equals(keywords.get("type")) ? Long.valueOf(text) : text;
    }

    /** The keywords in a stable order. */
    Map<String, Object> inOrder() {
        return new TreeMap<>(keywords);
    }

    private static String anchored(String pattern) {
        return "^(?:" + pattern + ")$";
    }
}
