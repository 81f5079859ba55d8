package dev.sallyport.gateway.identity;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Caller;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One API key that a caller holds.
 *
 * @param sha256  64 lower-case hexadecimal digits: the SHA-256 of the whole key's text; the key itself is never kept
 * @param expires from when it is refused; null: never
 */
public record ApiKeyEntry(String sha256, @Nullable Instant expires, Caller caller) {
    public ApiKeyEntry {
        requireNonNull(sha256, "sha256 is null");
        requireNonNull(caller, "caller is null");
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("sha256 is not 64 lower-case hexadecimal digits");
        }
    }
}
