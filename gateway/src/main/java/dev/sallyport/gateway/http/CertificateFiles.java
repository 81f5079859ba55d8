package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * The PEM files of one server certificate.
 *
 * @param certificate the certificate, followed by the intermediates that lead to a root
 * @param key         its private key, not encrypted: PKCS #8, PKCS #1 or SEC 1
 */
public record CertificateFiles(Path certificate, Path key) {
    public CertificateFiles {
        requireNonNull(certificate, "certificate is null");
        requireNonNull(key, "key is null");
    }
}
