package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * When a certificate that listeners show can no longer be used.
 *
 * @param file         where it is read from
 * @param epochSeconds the earliest end of validity in its chain, seconds since 1970-01-01T00:00:00Z
 */
public record CertificateExpiry(Path file, long epochSeconds) {
    public CertificateExpiry {
        requireNonNull(file, "file is null");
    }
}
