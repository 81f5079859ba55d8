package dev.sallyport.app.config;

/** How text of the file is repeated in a message: short, printable, and not when it may be a secret. */
final class Shown {
    private static final int WORD_MAX = 60;
    private static final int SENTENCE_MAX = 200;
    private static final int SECRET_LENGTH = 20;

    private Shown() {}

    /** The text between backquotes; {@code `…`} when it looks like a key or a token. */
    static String quoted(String text) {
        return "`" + plainly(text) + "`";
    }

    static String plainly(String text) {
        return shown(text, WORD_MAX);
    }

    /** What a library says about the text, which may quote a piece of it. */
    static String sentence(String text) {
        return shown(text, SENTENCE_MAX);
    }

    private static String shown(String text, int lengthMax) {
        if (looksSecret(text)) {
            return "…";
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(lengthMax).forEach(
                point -> shown.appendCodePoint(Character.isISOControl(point) ? '\uFFFD' : point));
        return text.codePointCount(0, text.length()) > lengthMax ? shown.append('…').toString() : shown.toString();
    }

    /** An API key of ours, or any run of letters and digits as long as random secrets are and mixed as they are. */
    private static boolean looksSecret(String text) {
        int run = 0;
        boolean digit = false;
        boolean letter = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            boolean isDigit = character >= '0' && character <= '9';
            boolean isLetter =
                    character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z' || character == '_';
            if (!isDigit && !isLetter) {
                run = 0;
                digit = false;
                letter = false;
                continue;
            }
            run++;
            digit |= isDigit;
            letter |= isLetter;
            if (run >= SECRET_LENGTH && digit && letter) {
                return true;
            }
        }
        return false;
    }
}
