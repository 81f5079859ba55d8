package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One API key of a caller.
 *
 * @param sha256  64 lower-case hexadecimal digits
 * @param expires from when it is refused; null: never
 */
public record KeyConfiguration(String sha256, @Nullable Instant expires) {
    public KeyConfiguration {
        requireNonNull(sha256, "sha256 is null");
    }
}
