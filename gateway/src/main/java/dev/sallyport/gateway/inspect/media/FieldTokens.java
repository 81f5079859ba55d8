package dev.sallyport.gateway.inspect.media;

import java.util.Locale;
import java.util.Map;

/** Tokens and parameters as they stand in field values (RFC 9110 sections 5.6.2 and 5.6.6). */
public final class FieldTokens {
    private FieldTokens() {}

    public static boolean isToken(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenCharacter(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /**
     * Reads the parameters that begin at the semicolon at {@code begin}.
     *
     * @param plain whether what readers disagree on is refused: a backslash within quotes, and without quotes anything but
     *              letters, digits, hyphens, underscores and full stops, except where the name ends with a star
     * @param into  receives them by lower-case name, quotes and escapes undone
     * @return false when they are malformed, or a name is there twice
     */
    public static boolean parameters(String field, int begin, boolean plain, Map<String, String> into) {
        int at = begin;
        while (at < field.length()) {
            if (field.charAt(at) != ';') {
                return false;
            }
            at = skipSpace(field, at + 1);
            int equals = field.indexOf('=', at);
            if (equals < 0 || !isToken(field.subSequence(at, equals))) {
                return false;
            }
            String name = field.substring(at, equals).toLowerCase(Locale.ROOT);
            StringBuilder value = new StringBuilder();
            int start = equals + 1;
            at = value(field, start, plain, value);
            boolean quoted = start < field.length() && field.charAt(start) == '"';
            if (at < 0 || plain && !quoted && !name.endsWith("*") && !isWord(value)
                    || into.putIfAbsent(name, value.toString()) != null) {
                return false;
            }
            at = skipSpace(field, at);
        }
        return true;
    }

    /** Appends the value that begins at {@code start}; the index behind it, or -1 when it is malformed. */
    private static int value(String field, int start, boolean plain, StringBuilder into) {
        int at = start;
        if (at == field.length() || field.charAt(at) != '"') {
            while (at < field.length() && isTokenCharacter(field.charAt(at))) {
                into.append(field.charAt(at++));
            }
            return at == start ? -1 : at;
        }
        for (at++; at < field.length(); at++) {
            char c = field.charAt(at);
            if (c == '"') {
                return at + 1;
            }
            if (c == '\\' && (plain || ++at == field.length())) {
                return -1;
            }
            char literal = field.charAt(at);
            if (literal < ' ' && literal != '\t' || literal == 0x7f) {
                return -1;
            }
            into.append(literal);
        }
        return -1;
    }

    private static boolean isWord(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private static int skipSpace(String field, int start) {
        int at = start;
        while (at < field.length() && (field.charAt(at) == ' ' || field.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    private static boolean isTokenCharacter(char c) {
        return isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
