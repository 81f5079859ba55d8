package dev.sallyport.gateway.telemetry.otlp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Trusts collectors whose certificate one of the authorities in a file has signed, and no others. */
public final class CollectorTrust {
    private CollectorTrust() {}

    /**
     * Reads the file. Blocks.
     *
     * @param file certificates of authorities, PEM
     * @throws IOException with a message that names the file and what is wrong with it
     */
    public static SSLSocketFactory of(Path file) throws IOException {
        Collection<? extends Certificate> authorities;
        try {
            authorities = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
        } catch (CertificateException unreadable) {
            throw new IOException(file + ": holds no certificates that can be read (PEM)", unreadable);
        }
        if (authorities.isEmpty()) {
            throw new IOException(file + ": holds no certificate");
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate authority : authorities) {
                store.setCertificateEntry(Integer.toString(store.size()), authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has TLS", impossible);
        }
    }
}
