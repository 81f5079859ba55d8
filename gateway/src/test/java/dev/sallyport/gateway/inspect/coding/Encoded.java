package dev.sallyport.gateway.inspect.coding;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Makes encoded bodies. What it makes for {@code br} is stored and not compressed. */
public final class Encoded {
    static final String SQUARES_BROTLI = """
            G7cK+J0HdkwMW3bJdCI3tt/aDUQEZSIOpSbdBTfm+TYANcij9Ut5Ac+eUC+mkRP893xeP2/+f+tj9tdwvs39Od4f8f8VIBAowQSFGi18kDhjJA4s
            jRFpDyuzcbKToCCoFCVR2aZWeSQ1ptFwyJqYouXRarfpdEoG+gim9J0MBaqZFthjJGrMjGANY8EzE9E+ZoW6mRNTyYJwBKuEN1kUcbNabB9L4p5Z
            I6GGZanSrEiMY63U0ayTFMmGNBHskhzJppRodksbx5Z0afbIqGFbrmd2ZPaxV243+2RtciA7glNyKjmUt5vT8vk4UnDmjMIajpUec6Joj7OKqzmn
            xMmFchHcUtHJpVrb3Fa7jitV39xRXcO1mm9u1Kvjrgbb3NOwkweNInilGSePmlTzWrN7PGkx5o2WNTxr+8yLdny81aabd9qr5ENXEfzScZNPndz8
            1rmPL90+80cfNXzrM82PvuL4q+9o/ulvJBACEQGkQEUCJdDRwBNwHNACmwZGVNQAFlXPwBfVfcCKshs4UbuJCsGMQKXgq0SV4HSjnuD3oVrwzqgR
            XTUoi+4x6ov2HmpFXzXqhNIJhlBHgCnkTrCEdht8YrIObDHvGxwxrgEtZr/BL5x14Aq/bfCE3YkO4YtAp0g60SXS1egn4j10i9wYPWKrBm2xfUZ/
            sd+HXnHRjT5xrxIKcY6AUtxuQiUh3dCT0H1QS/jP0EgVNZClemnoS+U4aKW6aOgkViQmJE4EJiVuJKakzmjMk7rjMC31T2NGUtRgLOk9Y74k92FW
            0rkxJ01twiGNI+CU5irhklzd8JM8Prgl7xkeKVUDW8qM4S9l9+CVtqrhk3acSEh7EUhKV51ISTfbyJPu6pCWUd/IyHANYhn3jXy5Xh2ycnkbOZnR
            iQ2ZHYFNmd+JLbmzGvvk7j1sy71j7MiqGqxlzRn7ZZ0Pu/K8buzJ8ytxITsjcCm7N3Ele924J6f6cC3Hz7iRN2pwlrfTuC/vxuFWvorGnXyOJISC
            iCCkgo4klIKNJjylKo7QSjlNGIVRQ7DCfiZ8hdtHWKXLTTilvUkVijKCKhVNJVUpum6qp8zzUbUy/0w1iquGyoo9pvpKYo9qlUw11Sk5JzGU7Qhi
            KrudxFKutolPuV9HbBX5TRwVriFarfgmfrWmjrhq3TbxVHYndai8COpU+zmpS+2tpn6qao+6Vf0x9ahTNdRWx2fqrzp91Kva3dSnJitJocYRpFQ3
            Nkml7rhJT73oI7V680waDaKGZA0mTfqaijjSamqiSadhRNKEhhNBk5qOSJrS9ETTPI0ijqY1mjTNaCZqaKyZeab5GkcfzWo8bprTJDbJoYkjyKnZ
            rCSXZt1NfppLH7k15zN5tKgasrX4Y/LXVu2RV1tbTT4tn5MSWl4EJbXdnZTS9m1TnlZTR2ntxDdltOMairXOb8rX+tdRVpvappw220kb2u0I2tTu
            OWlLe1NN+3SIPdrWwWPa0VXV0FpX/0z7dXw+2tXxumlP11NJFzplBF3q5E260k256Z5uto+ude5nutElauisi9N0X7cVR7e63Wi6090D
            """.replace("\n", "");

    private Encoded() {}

    static byte[] squares() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            lines.append(i).append(',').append(i * i).append('\n');
        }
        return lines.toString().getBytes(US_ASCII);
    }

    public static byte[] with(ContentCoding coding, byte[] plain) {
        return switch (coding) {
            case GZIP -> through(plain, GZIPOutputStream::new);
            case DEFLATE -> through(plain, DeflaterOutputStream::new);
            case ZSTD -> through(plain, ZstdOutputStream::new);
            case BR -> storedBrotli(plain);
        };
    }

    static byte[] bareDeflate(byte[] plain) {
        return through(plain, into -> new DeflaterOutputStream(into, new Deflater(9, true)));
    }

    /** @param wrong added to the checksum of the header */
    static byte[] gzipWithEveryField(byte[] plain, int wrong) {
        byte[] simple = with(ContentCoding.GZIP, plain);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(simple, 0, 3);
        out.write(2 | 4 | 8 | 16);
        out.write(simple, 4, 6);
        out.writeBytes(new byte[]{3, 0, 'x', 'y', 'z'});
        out.writeBytes("name\0comment\0".getBytes(US_ASCII));
        CRC32 crc = new CRC32();
        crc.update(out.toByteArray());
        int checksum = (int) crc.getValue() + wrong;
        out.write(checksum);
        out.write(checksum >> 8);
        out.write(simple, 10, simple.length - 10);
        return out.toByteArray();
    }

    /** RFC 7932 section 9.2, with one uncompressed meta-block per 65,536 bytes. */
    private static byte[] storedBrotli(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean first = true;
        for (int start = 0; start < plain.length; start += 65_536) {
            int length = Math.min(65_536, plain.length - start);
            // Bits from the lowest: the window (first block only, 0: 16), not last, four nibbles, the length less one, not compressed.
            int bits = (length - 1) << 3 | 1 << 19;
            bits = first ? bits << 1 : bits;
            out.write(bits);
            out.write(bits >> 8);
            out.write(bits >> 16);
            out.write(plain, start, length);
            first = false;
        }
        out.write(first ? 0b110 : 0b11);
        return out.toByteArray();
    }

    private interface Encoder {
        OutputStream open(OutputStream into) throws IOException;
    }

    private static byte[] through(byte[] plain, Encoder encoder) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream encoding = encoder.open(out)) {
            encoding.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
