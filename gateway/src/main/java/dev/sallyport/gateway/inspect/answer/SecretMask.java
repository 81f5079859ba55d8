package dev.sallyport.gateway.inspect.answer;

import java.util.List;
import java.util.Locale;

/**
 * Masks what looks like a secret in a text that goes to a log. Prefers to mask too much: a word is masked when it
 * begins like a well-known kind of key, when it is long and mixes letters with digits, or when a word such as
 * {@code password} or {@code Bearer} stands before it; and so is what stands before the {@code @} of a URL, and a
 * private key in PEM.
 */
final class SecretMask {
    private static final String MASK = "***";
    private static final int KEY_CHARACTERS_MIN = 12;
    private static final int MIXED_CHARACTERS_MIN = 24;
    private static final int MIXED_OF_EACH_MIN = 3;
    private static final int TOKEN_CHARACTERS_MIN = 6;
    private static final int USER_CHARACTERS_MAX = 256;
    private static final List<String> BEGINNINGS = List.of("sk-", "sk_", "pk-", "rk_", "sp_", "ghp_", "gho_", "ghs_",
            "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "akia", "asia", "aiza", "eyj", "hf_", "ya29", "npm_",
            "pypi-");
    private static final List<String> NAMES =
            List.of("password", "passwd", "pwd", "secret", "token", "apikey", "api_key",
                    "api-key", "access_key", "authorization", "credential", "credentials", "cookie");
    private static final List<String> SCHEMES = List.of("bearer", "basic");

    /** What the word before says of the next. */
    private enum Hint {
        NONE, NAME, ASSIGNED_NAME, SCHEME
    }

    private final String text;
    private final StringBuilder masked;
    private Hint hint = Hint.NONE;

    private SecretMask(String text) {
        this.text = text;
        masked = new StringBuilder(text.length());
    }

    static String masked(String text) {
        return new SecretMask(text).run();
    }

    private String run() {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (ofAWord(c)) {
                i = word(i);
            } else if (text.startsWith("://", i)) {
                masked.append("://");
                hint = Hint.NONE;
                i = userEnd(i + 3);
            } else if (hint == Hint.ASSIGNED_NAME && (c == '"' || c == '\'')) {
                i = quoted(i, c);
            } else {
                separator(c);
                i++;
            }
        }
        return masked.toString();
    }

    private static boolean ofAWord(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '+'
                || c == '~' || c == '!' || c == '$' || c == '%';
    }

    private void separator(char c) {
        masked.append(c);
        if (c == ':' || c == '=') {
            hint = hint == Hint.NAME ? Hint.ASSIGNED_NAME : hint;
        } else if (c != ' ' && c != '"' && c != '\'' && c != '\\') {
            hint = Hint.NONE;
        }
    }

    /** Appends the word that begins at {@code start}, or the mask; returns where to go on. */
    private int word(int start) {
        int end = start + 1;
        while (end < text.length() && ofAWord(text.charAt(end))) {
            end++;
        }
        String word = text.substring(start, end);
        String lower = word.toLowerCase(Locale.ROOT);
        if (SCHEMES.contains(lower)) {
            masked.append(word);
            hint = Hint.SCHEME;
            return end;
        }
        if (hint == Hint.ASSIGNED_NAME || hint == Hint.SCHEME && valueEnd(end) - start >= TOKEN_CHARACTERS_MIN) {
            masked.append(MASK);
            hint = Hint.NONE;
            return valueEnd(end);
        }
        masked.append(looksLikeAKey(lower) ? MASK : word);
        hint = NAMES.stream().anyMatch(lower::endsWith) ? Hint.NAME : Hint.NONE;
        return word.equals("KEY-----") ? privateKeyEnd(end) : end;
    }

    private int valueEnd(int index) {
        int end = index;
        while (end < text.length() && text.charAt(end) > ' ' && "\"',;&}\\".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private int quoted(int start, char quote) {
        int close = text.indexOf(quote, start + 1);
        masked.append(quote).append(MASK);
        hint = Hint.NONE;
        return close < 0 ? text.length() : close;
    }

    private static boolean looksLikeAKey(String word) {
        if (word.length() >= KEY_CHARACTERS_MIN && BEGINNINGS.stream().anyMatch(word::startsWith)) {
            return true;
        }
        if (word.length() < MIXED_CHARACTERS_MIN) {
            return false;
        }
        long digits = word.chars().filter(c -> c >= '0' && c <= '9').count();
        long letters = word.chars().filter(c -> c >= 'a' && c <= 'z').count();
        return digits >= MIXED_OF_EACH_MIN && letters >= MIXED_OF_EACH_MIN;
    }

    /** Masks the name and password of a URL whose authority begins at {@code start}; returns where to go on. */
    private int userEnd(int start) {
        int limit = Math.min(text.length(), start + USER_CHARACTERS_MAX);
        for (int i = start; i < limit; i++) {
            char c = text.charAt(i);
            if (c == '@') {
                masked.append(MASK);
                return i;
            }
            if (c == '/' || c <= ' ' || c == '"' || c == '<' || c == '>') {
                return start;
            }
        }
        return start;
    }

    private int privateKeyEnd(int index) {
        int end = text.indexOf("-----END", index);
        masked.append(MASK);
        return end < 0 ? text.length() : end;
    }
}
