package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What reading a file found, whether it is valid or not.
 *
 * @param configuration what could be read, with defaults in the place of what could not; null when that is nothing
 * @param errors        in the order of the file; the configuration is good for nothing but looking at it when there are any
 * @param notices       likewise, what is allowed and yet probably not meant
 */
public record Examination(@Nullable Configuration configuration, List<Finding> errors, List<Finding> notices,
        Places places) {
    public Examination {
        errors = List.copyOf(errors);
        notices = List.copyOf(notices);
        requireNonNull(places, "places is null");
        if (configuration == null && errors.isEmpty()) {
            throw new IllegalArgumentException("there is neither a configuration nor an error");
        }
    }

    /** The configuration when it is valid, else its errors. */
    public LoadResult result() {
        return errors.isEmpty() ? requireNonNull(configuration) : new ConfigurationErrors(errors);
    }
}
