package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

/**
 * Something to say about a place in the configuration file. Never holds a secret.
 *
 * @param path    of the key that it is about, such as {@code models.resnet.timeouts.total}; empty for the whole file
 * @param message what has been found
 * @param remedy  what to do about it; empty when the message says that
 */
public record Finding(FindingCode code, String path, String file, Position position, String message, String remedy) {
    private static final String JOINT = "; ";

    public Finding {
        requireNonNull(code, "code is null");
        requireNonNull(path, "path is null");
        requireNonNull(file, "file is null");
        requireNonNull(position, "position is null");
        requireNonNull(message, "message is null");
        requireNonNull(remedy, "remedy is null");
    }

    /** @param text what has been found, and behind the first semicolon outside backquotes what to do about it */
    static Finding of(FindingCode code, String path, String file, Position position, String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            quoted ^= text.charAt(i) == '`';
            if (!quoted && text.startsWith(JOINT, i)) {
                return new Finding(code, path, file, position, text.substring(0, i),
                        text.substring(i + JOINT.length()));
            }
        }
        return new Finding(code, path, file, position, text, "");
    }

    public Severity severity() {
        return code.severity();
    }

    /** Message and remedy in one sentence. */
    public String text() {
        return remedy.isEmpty() ? message : message + JOINT + remedy;
    }

    /** {@code file:line:column: text}, which editors and terminals turn into a link. */
    @Override
    public String toString() {
        return file + ":" + position.line() + ":" + position.column() + ": " + text();
    }
}
