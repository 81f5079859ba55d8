package dev.sallyport.app.config;

/** How much a finding matters. */
public enum Severity {
    /** The configuration is refused, or what it describes cannot work. */
    ERROR,
    /** It works, and not as it was probably meant. */
    WARNING,
    /** Worth knowing. */
    NOTICE,
    /** Something that a control does not see, as configured. */
    SKIP
}
