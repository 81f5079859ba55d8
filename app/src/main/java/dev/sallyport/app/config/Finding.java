package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

/**
 * Something to say about a place in the configuration file. Never holds a secret.
 *
 * @param message what is wrong, and what to do about it
 */
public record Finding(String file, Position position, String message) {
    public Finding {
        requireNonNull(file, "file is null");
        requireNonNull(position, "position is null");
        requireNonNull(message, "message is null");
    }

    /** {@code file:line:column: message}, which editors and terminals turn into a link. */
    @Override
    public String toString() {
        return file + ":" + position.line() + ":" + position.column() + ": " + message;
    }
}
