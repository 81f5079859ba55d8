package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A certificate that listeners show.
 *
 * @param certificate PEM file with the chain, own certificate first
 * @param key         PEM file with the private key that belongs to it
 */
public record CertificateConfiguration(Path certificate, Path key) {
    public CertificateConfiguration {
        requireNonNull(certificate, "certificate is null");
        requireNonNull(key, "key is null");
    }
}
