package dev.sallyport.gateway.limit.journal;

import org.jspecify.annotations.Nullable;

/** The journal cannot be opened, or cannot take a record; the message says which file, why, and what to do. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1;

    JournalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Without a stack trace: many calls may fail for the same reason. */
    private JournalException(String message) {
        super(message, null, false, false);
    }

    static JournalException unavailable(String message) {
        return new JournalException(message);
    }
}
