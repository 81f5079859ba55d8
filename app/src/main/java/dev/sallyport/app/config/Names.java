package dev.sallyport.app.config;

/** What models, versions and callers may be called. */
public final class Names {
    static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private Names() {}

    /** What is wrong with {@code name}; empty when nothing is. */
    public static String fault(String name) {
        if (!name.matches(PATTERN)) {
            return Shown.quoted(name)
                    + " cannot be a name; write up to 64 letters, digits, `-`, `_` and `.`, beginning with a letter or digit";
        }
        return "";
    }
}
