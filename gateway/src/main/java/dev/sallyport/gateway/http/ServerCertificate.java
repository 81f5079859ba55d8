package dev.sallyport.gateway.http;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * A certificate with its chain, its key, and the names that it is for.
 *
 * @param origin the file that it came from, for messages
 * @param names  the DNS names among its subject alternative names, lower case; wildcards as {@code *.example.org}
 */
record ServerCertificate(Path origin, List<X509Certificate> chain, PrivateKey key, List<String> names) {
    private static final int DNS_NAME = 2;
    private static final byte[] PROBE = {'p', 'r', 'o', 'b', 'e'};

    /** @throws IOException with a message that names the file and what is wrong with it */
    static ServerCertificate of(CertificateFiles files, byte[] certificatePem, byte[] keyPem) throws IOException {
        List<X509Certificate> chain = read(files.certificate(), certificatePem, Pem::certificates);
        PrivateKey key = read(files.key(), keyPem, Pem::privateKey);
        if (!belongTogether(chain.getFirst(), key)) {
            throw new IOException(files.key() + ": is not the key of the certificate in " + files.certificate());
        }
        return new ServerCertificate(files.certificate(), chain, key, names(files.certificate(), chain.getFirst()));
    }

    /** The earliest end of validity in the chain, seconds since 1970-01-01T00:00:00Z. */
    long expiryEpochSeconds() {
        long earliest = Long.MAX_VALUE;
        for (X509Certificate certificate : chain) {
            earliest = Math.min(earliest, certificate.getNotAfter().toInstant().getEpochSecond());
        }
        return earliest;
    }

    private interface PemReader<T> {
        T read(byte[] text) throws IOException;
    }

    private static <T> T read(Path file, byte[] text, PemReader<T> reader) throws IOException {
        try {
            return reader.read(text);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static boolean belongTogether(X509Certificate certificate, PrivateKey key) throws IOException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(PROBE);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(PROBE);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // A public key of another kind.
            return false;
        }
    }

    private static List<String> names(Path file, X509Certificate certificate) throws IOException {
        Collection<List<?>> alternatives;
        try {
            alternatives = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            throw new IOException(file + ": the subject alternative names are damaged", e);
        }
        List<String> names = new ArrayList<>();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) {
                if (alternative.getFirst() instanceof Integer kind && kind == DNS_NAME) {
                    names.add(((String) alternative.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }
}
