package dev.sallyport.app.check;

import static java.util.Objects.requireNonNull;

import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.Finding;
import dev.sallyport.app.config.Places;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What is looked at.
 *
 * @param file          the configuration's own
 * @param configuration what could be read of it
 * @param errors        what could not
 * @param now           against which expiry is judged
 */
record Subject(Path file, Configuration configuration, Places places, List<Finding> errors, Instant now) {
    Subject {
        requireNonNull(file, "file is null");
        requireNonNull(configuration, "configuration is null");
        requireNonNull(places, "places is null");
        errors = List.copyOf(errors);
        requireNonNull(now, "now is null");
    }

    /** Whether there is an error at or below these keys, so that what was read there is not what is meant. */
    boolean faulty(Object... keys) {
        String path = places.of(keys).path();
        return errors.stream().anyMatch(error -> error.path().equals(path) || error.path().startsWith(path + "."));
    }
}
