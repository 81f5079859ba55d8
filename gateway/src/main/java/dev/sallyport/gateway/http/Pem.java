package dev.sallyport.gateway.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads certificates and unencrypted private keys from PEM text (RFC 7468). */
public final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final String REMEDY = "; `openssl pkcs8 -topk8 -nocrypt` makes one that is understood";

    private Pem() {}

    private record Block(String label, byte[] content) {}

    /** All certificates in {@code text}, in its order; at least one. */
    public static List<X509Certificate> certificates(byte[] text) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(text)) {
                if (block.label.equals("CERTIFICATE")) {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content)));
                }
            }
        } catch (CertificateException e) {
            throw new IOException("certificate " + (certificates.size() + 1) + " is not a valid X.509 certificate", e);
        }
        if (certificates.isEmpty()) {
            throw new IOException("holds no certificate");
        }
        return certificates;
    }

    /** The one private key in {@code text}. */
    static PrivateKey privateKey(byte[] text) throws IOException {
        List<Block> keys = new ArrayList<>();
        for (Block block : blocks(text)) {
            if (block.label.endsWith("PRIVATE KEY")) {
                keys.add(block);
            }
        }
        if (keys.size() != 1) {
            throw new IOException(
                    keys.isEmpty() ? "holds no private key" : "holds " + keys.size() + " private keys instead of one");
        }
        Block key = keys.getFirst();
        return switch (key.label) {
            case "PRIVATE KEY" -> decode(key.content);
            case "RSA PRIVATE KEY" -> decode(Pkcs8.fromPkcs1(key.content));
            case "EC PRIVATE KEY" -> decode(Pkcs8.fromSec1(key.content));
            case "ENCRYPTED PRIVATE KEY" -> throw new IOException("the private key is encrypted" + REMEDY);
            default -> throw new IOException("cannot read a key of the kind `" + key.label + "`" + REMEDY);
        };
    }

    private static PrivateKey decode(byte[] pkcs8) throws IOException {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // A key of another algorithm, or none at all: the last one tried decides.
            } catch (GeneralSecurityException e) {
                throw new IOException("this Java cannot handle keys of " + algorithm, e);
            }
        }
        throw new IOException("the private key is damaged or of an unknown algorithm" + REMEDY);
    }

    private static List<Block> blocks(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(at + BEGIN.length(), labelEnd);
            String end = "-----END " + label + DASHES;
            int contentEnd = labelEnd < 0 ? -1 : text.indexOf(end, labelEnd);
            if (contentEnd < 0) {
                throw new IOException("is cut off: `" + BEGIN + label + DASHES + "` has no end");
            }
            try {
                blocks.add(new Block(label,
                        Base64.getMimeDecoder().decode(text.substring(labelEnd + DASHES.length(), contentEnd))));
            } catch (IllegalArgumentException e) {
                throw new IOException("the block `" + label + "` is not base 64", e);
            }
            at = text.indexOf(BEGIN, contentEnd + end.length());
        }
        return blocks;
    }
}
