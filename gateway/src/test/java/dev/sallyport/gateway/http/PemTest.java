package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.testing.TestAuthority;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.junit.jupiter.api.Test;

final class PemTest {
    private final TestAuthority authority = new TestAuthority("root");

    @Test
    void readsAnRsaKeyInThePkcs1FormThatOpenSslUsedToWrite() throws IOException {
        PrivateKey key = authority.issueWithKey("RSA", "a.example").key();
        byte[] pkcs1 = PrivateKeyInfo.getInstance(key.getEncoded()).parsePrivateKey().toASN1Primitive().getEncoded();

        assertThat(Pem.privateKey(pem("RSA PRIVATE KEY", pkcs1))).isEqualTo(key);
    }

    @Test
    void readsAnEllipticCurveKeyInTheSec1FormThatOpenSslUsedToWrite() throws IOException {
        PrivateKey key = authority.issueWithKey("EC", "a.example").key();
        BigInteger secret = ((java.security.interfaces.ECPrivateKey) key).getS();
        byte[] sec1 = new ECPrivateKey(256, secret, SECObjectIdentifiers.secp256r1).getEncoded();

        assertThat(Pem.privateKey(pem("EC PRIVATE KEY", sec1)))
                .isInstanceOfSatisfying(java.security.interfaces.ECPrivateKey.class,
                        read -> assertThat(read.getS()).isEqualTo(secret));
    }

    @Test
    void readsPkcs8AmongOtherBlocks() throws IOException {
        TestAuthority.Issued issued = authority.issue("a.example");

        assertThat(Pem.privateKey(text(issued.certificatePem() + "Comment: none\n" + issued.keyPem())))
                .isEqualTo(issued.key());
    }

    @Test
    void readsAChainInItsOrder() throws IOException {
        TestAuthority.Issued issued = authority.issue("a.example");

        assertThat(Pem.certificates(text(issued.certificatePem() + authority.certificatePem())))
                .containsExactly(issued.certificate(), authority.certificate());
    }

    @Test
    void saysWhatIsWrong() {
        TestAuthority.Issued issued = authority.issue("a.example");

        assertThatThrownBy(() -> Pem.certificates(text("nothing"))).hasMessage("holds no certificate");
        assertThatThrownBy(() -> Pem.privateKey(text(issued.certificatePem()))).hasMessage("holds no private key");
        assertThatThrownBy(() -> Pem.privateKey(text(issued.keyPem() + issued.keyPem())))
                .hasMessage("holds 2 private keys instead of one");
        assertThatThrownBy(() -> Pem.privateKey(pem("ENCRYPTED PRIVATE KEY", new byte[10])))
                .hasMessageContaining("is encrypted").hasMessageContaining("openssl pkcs8");
        assertThatThrownBy(() -> Pem.privateKey(pem("DSA PRIVATE KEY", new byte[10])))
                .hasMessageContaining("`DSA PRIVATE KEY`");
        assertThatThrownBy(() -> Pem.privateKey(pem("PRIVATE KEY", new byte[10]))).hasMessageContaining("damaged");
        assertThatThrownBy(() -> Pem.privateKey(pem("EC PRIVATE KEY", new byte[]{0x30, 0x10, 2})))
                .hasMessageContaining("damaged");
        assertThatThrownBy(() -> Pem.certificates(text(issued.certificatePem().replace("-----END", ""))))
                .hasMessageContaining("has no end");
        assertThatThrownBy(() -> Pem.certificates(pem("CERTIFICATE", new byte[10])))
                .hasMessageContaining("certificate 1 is not a valid");
    }

    private static byte[] pem(String label, byte[] content) {
        return text("-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + label + "-----\n");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
