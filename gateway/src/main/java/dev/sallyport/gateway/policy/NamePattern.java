package dev.sallyport.gateway.policy;

/** One entry of a {@code may} list: a text in which {@code *} stands for any characters, none included. */
public final class NamePattern {
    private NamePattern() {}

    /** Whether {@code entry} grants the version {@code version} (empty: none) of the model {@code model}. */
    public static boolean grants(String entry, String model, String version) {
        int at = entry.indexOf('@');
        if (at < 0) {
            return matches(entry, model);
        }
        return matches(entry.substring(0, at), model) && matches(entry.substring(at + 1), version)
                && !version.isEmpty();
    }

    /** Linear in the product of both lengths at worst, without recursion. */
    static boolean matches(String pattern, String text) {
        int patternIndex = 0;
        int textIndex = 0;
        int star = -1;
        int resumeAt = 0;
        while (textIndex < text.length()) {
            if (patternIndex < pattern.length() && pattern.charAt(patternIndex) == '*') {
                star = patternIndex++;
                resumeAt = textIndex;
            } else if (patternIndex < pattern.length() && pattern.charAt(patternIndex) == text.charAt(textIndex)) {
                patternIndex++;
                textIndex++;
            } else if (star >= 0) {
                patternIndex = star + 1;
                textIndex = ++resumeAt;
            } else {
                return false;
            }
        }
        while (patternIndex < pattern.length() && pattern.charAt(patternIndex) == '*') {
            patternIndex++;
        }
        return patternIndex == pattern.length();
    }
}
