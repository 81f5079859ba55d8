package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/** Everything that can be found in a configuration. The codes are stable: scripts may rely on them. */
public enum FindingCode {
    UNREADABLE(Severity.ERROR, "the file is not there, too large, or not UTF-8"),
    SYNTAX(Severity.ERROR, "the YAML is broken, or uses what is not allowed: anchors, tags, a second document"),
    UNKNOWN_KEY(Severity.ERROR, "a key that nothing reads"),
    UNSUPPORTED_KEY(Severity.ERROR, "a key that a later version will know"),
    DUPLICATE(Severity.ERROR, "a key or a name is there twice"),
    VALUE(Severity.ERROR, "a value is not written as its key wants it"),
    UNKNOWN_MODEL(Severity.ERROR, "a caller may call a model, or a version of it, that is not there"),
    FILE_MISSING(Severity.ERROR, "a file that is named is not there, or cannot be read"),
    INVALID(Severity.ERROR, "something is missing, or keys do not fit together"),
    NOTE(Severity.NOTICE, "allowed, and worth a look"),
    GRANTS_NOTHING(Severity.WARNING, "a caller may call nothing that is there"),
    PROXIES_EVERYWHERE(Severity.WARNING, "every client is believed when it says what its address is");

    private final Severity severity;
    private final String meaning;

    FindingCode(Severity severity, String meaning) {
        this.severity = requireNonNull(severity, "severity is null");
        this.meaning = requireNonNull(meaning, "meaning is null");
    }

    /** In kebab case, as reports show it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Severity severity() {
        return severity;
    }

    /** For the reference: what has been found, in words without capital and full stop. */
    public String meaning() {
        return meaning;
    }
}
