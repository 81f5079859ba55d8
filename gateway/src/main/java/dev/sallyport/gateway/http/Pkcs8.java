package dev.sallyport.gateway.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

/** Wraps the older forms of a private key, as OpenSSL still writes them, into PKCS #8 (RFC 5208), the one that Java reads. */
final class Pkcs8 {
    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int SEQUENCE = 0x30;
    private static final int CURVE_PARAMETERS = 0xA0;

    private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");
    private static final byte[] RSA_ENCRYPTION = HexFormat.of().parseHex("06092A864886F70D0101010500");
    private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072A8648CE3D0201");

    private Pkcs8() {}

    /** @param key an RSAPrivateKey (RFC 8017 appendix A.1.2) */
    static byte[] fromPkcs1(byte[] key) {
        return wrap(RSA_ENCRYPTION, key);
    }

    /** @param key an ECPrivateKey that names its curve (RFC 5915 section 3) */
    static byte[] fromSec1(byte[] key) throws IOException {
        Reader fields = new Reader(key).enter(SEQUENCE);
        fields.skip(INTEGER);
        fields.skip(OCTET_STRING);
        byte[] curve = fields.enter(CURVE_PARAMETERS).element(OBJECT_IDENTIFIER);
        return wrap(concatenate(EC_PUBLIC_KEY, curve), key);
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, concatenate(VERSION_0, element(SEQUENCE, algorithm), element(OCTET_STRING, key)));
    }

    private static byte[] element(int tag, byte[] content) {
        int length = content.length;
        byte[] header = length < 0x80 ? new byte[]{(byte) tag, (byte) length}
                : new byte[]{(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return concatenate(header, content);
    }

    private static byte[] concatenate(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    /** Walks over the elements of a DER encoding (X.690), with lengths up to 64 KiB. */
    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        Reader enter(int tag) throws IOException {
            int length = header(tag);
            at += length;
            return new Reader(Arrays.copyOfRange(bytes, at - length, at));
        }

        void skip(int tag) throws IOException {
            int length = header(tag);
            at += length;
        }

        byte[] element(int tag) throws IOException {
            int from = at;
            skip(tag);
            return Arrays.copyOfRange(bytes, from, at);
        }

        private int header(int tag) throws IOException {
            if (next() != tag) {
                throw new IOException("the private key is damaged, or does not name its curve");
            }
            int length = next();
            if (length > 0x80) {
                int octets = length - 0x80;
                length = 0;
                for (int i = 0; i < octets; i++) {
                    length = length << 8 | next();
                }
            }
            if (length < 0 || length > bytes.length - at) {
                throw new IOException("the private key is damaged");
            }
            return length;
        }

        private int next() throws IOException {
            if (at == bytes.length) {
                throw new IOException("the private key is cut off");
            }
            return bytes[at++] & 0xFF;
        }
    }
}
