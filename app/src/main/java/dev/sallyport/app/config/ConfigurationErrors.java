package dev.sallyport.app.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Everything that is wrong with a configuration file.
 *
 * @param errors at least one, in the order of the file
 */
public record ConfigurationErrors(List<Finding> errors) implements LoadResult {
    public ConfigurationErrors {
        errors = List.copyOf(errors);
        if (errors.isEmpty()) {
            throw new IllegalArgumentException("errors is empty");
        }
    }

    @Override
    public Configuration orThrow() {
        throw new IllegalArgumentException(toString());
    }

    /** One error per line. */
    @Override
    public String toString() {
        return errors.stream().map(Finding::toString).collect(Collectors.joining("\n"));
    }
}
