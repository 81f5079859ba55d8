package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** Where the access log goes. */
public sealed interface AccessLogTarget {
    /** Nowhere. */
    record None() implements AccessLogTarget {}

    /** The standard output of the process. */
    record StandardOutput() implements AccessLogTarget {}

    /** The end of a file, which is made when it is not there. */
    record File(Path path) implements AccessLogTarget {
        public File {
            requireNonNull(path, "path is null");
        }
    }
}
