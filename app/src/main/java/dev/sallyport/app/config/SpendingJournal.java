package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** Where it is written down what was spent. */
public sealed interface SpendingJournal {
    /** Nowhere: a restart forgets it. */
    record None() implements SpendingJournal {}

    /** In a directory, which is made when it is not there. */
    record In(Path directory) implements SpendingJournal {
        public In {
            requireNonNull(directory, "directory is null");
        }
    }
}
