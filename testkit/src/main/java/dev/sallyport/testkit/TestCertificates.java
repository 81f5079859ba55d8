package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate authority for tests: a fresh P-256 root that issues certificates for servers and clients. */
public final class TestCertificates {
    private static final Duration AGE = Duration.ofHours(1);
    private static final Duration VALIDITY = Duration.ofDays(90);

    private final SecureRandom random = new SecureRandom();
    private final KeyPair keys;
    private final X509Certificate root;

    public TestCertificates() {
        try {
            keys = generate();
            X500Name name = new X500Name("CN=Sallyport test authority");
            X509v3CertificateBuilder builder = builder(name, name, keys, Instant.now().plus(VALIDITY));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            root = sign(builder);
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public X509Certificate root() {
        return root;
    }

    /** A server's certificate for {@code names}: host names or IPv4 addresses. */
    public Issued server(String... names) {
        return issue(KeyPurposeId.id_kp_serverAuth, Instant.now().plus(VALIDITY), names);
    }

    /** A server's certificate that is no longer valid. */
    public Issued expiredServer(String... names) {
        return issue(KeyPurposeId.id_kp_serverAuth, Instant.now().minus(Duration.ofMinutes(1)), names);
    }

    public Issued client(String name) {
        return issue(KeyPurposeId.id_kp_clientAuth, Instant.now().plus(VALIDITY), name);
    }

    /** Writes the root as {@code ca.pem} into {@code directory}. */
    public Path writeRoot(Path directory) throws IOException {
        return Files.writeString(directory.resolve("ca.pem"), pem("CERTIFICATE", encoded(root)), US_ASCII);
    }

    /** For clients that trust this authority only and show no certificate. */
    public SSLContext clientContext() {
        return context(null, root);
    }

    /** A certificate with its key. */
    public record Issued(X509Certificate certificate, PrivateKey key, X509Certificate root) {
        public String certificatePem() {
            return pem("CERTIFICATE", encoded(certificate)) + pem("CERTIFICATE", encoded(root));
        }

        public String keyPem() {
            return pem("PRIVATE KEY", key.getEncoded());
        }

        /** Writes {@code name.pem} (the chain) and {@code name.key} into {@code directory}; returns the former. */
        public Path write(Path directory, String name) throws IOException {
            Files.writeString(directory.resolve(name + ".key"), keyPem(), US_ASCII);
            return Files.writeString(directory.resolve(name + ".pem"), certificatePem(), US_ASCII);
        }

        /** Shows this certificate; trusts the authority. */
        public SSLContext serverContext() {
            return context(this, root);
        }
    }

    private Issued issue(KeyPurposeId purpose, Instant end, String... names) {
        try {
            KeyPair issued = generate();
            X500Name subject = new X500Name("CN=" + names[0]);
            X509v3CertificateBuilder builder =
                    builder(new X500Name(root.getSubjectX500Principal().getName()), subject, issued, end);
            GeneralName[] alternatives = new GeneralName[names.length];
            for (int i = 0; i < names.length; i++) {
                boolean address = names[i].matches("[0-9.]+");
                alternatives[i] = new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, names[i]);
            }
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
            return new Issued(sign(builder), issued.getPrivate(), root);
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair subjectKeys, Instant end) {
        Instant begin = (end.isBefore(Instant.now()) ? end : Instant.now()).minus(AGE);
        return new JcaX509v3CertificateBuilder(
                issuer, new BigInteger(127, random), Date.from(begin), Date.from(end), subject,
                subjectKeys.getPublic());
    }

    private X509Certificate sign(X509v3CertificateBuilder builder)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    private static KeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static SSLContext context(@Nullable Issued shown, X509Certificate trusted) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("root", trusted);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
            KeyStore ownStore = KeyStore.getInstance("PKCS12");
            ownStore.load(null, null);
            if (shown != null) {
                ownStore.setKeyEntry("own", shown.key, new char[0],
                        new X509Certificate[]{shown.certificate, shown.root});
            }
            own.init(ownStore, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
