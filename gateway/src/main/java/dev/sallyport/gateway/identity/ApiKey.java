package dev.sallyport.gateway.identity;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The text form of our API keys: {@code sp_}, 43 characters that hold 32 random bytes, 6 characters that hold the
 * CRC-32 of all before them, both as big-endian numbers in base 62 ({@code 0-9A-Za-z}).
 *
 * <p>The prefix lets secret scanners find a leaked key, the checksum lets them and us tell a key from a lookalike and a
 * typo from a key that is unknown. 52 characters fit one block of SHA-256. Whether a key is valid, its hash alone decides.
 */
public final class ApiKey {
    public static final String PREFIX = "sp_";
    public static final int LENGTH = 52;

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final int SECRET_BYTES = 32;
    private static final int SECRET_DIGITS = 43;
    private static final int CHECKSUM_DIGITS = 6;
    private static final int CHECKED = PREFIX.length() + SECRET_DIGITS;

    private ApiKey() {}

    /** A new key. It must be shown once and then be forgotten; keep its {@link #sha256}. */
    public static String make(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String checked = PREFIX + digits(new BigInteger(1, secret), SECRET_DIGITS);
        return checked + checksum(checked);
    }

    /** 64 lower-case hexadecimal digits: the SHA-256 of the key's text in UTF-8. */
    public static String sha256(String text) {
        return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether {@code text} has the form of our keys, checksum included. */
    public static boolean wellFormed(String text) {
        if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
            return false;
        }
        for (int i = PREFIX.length(); i < LENGTH; i++) {
            if (DIGITS.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return text.endsWith(checksum(text.substring(0, CHECKED)));
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }

    private static String checksum(String checked) {
        CRC32 crc = new CRC32();
        crc.update(checked.getBytes(StandardCharsets.ISO_8859_1));
        return digits(BigInteger.valueOf(crc.getValue()), CHECKSUM_DIGITS);
    }

    private static String digits(BigInteger number, int count) {
        char[] text = new char[count];
        BigInteger rest = number;
        for (int i = count - 1; i >= 0; i--) {
            BigInteger[] divided = rest.divideAndRemainder(BASE);
            text[i] = DIGITS.charAt(divided[1].intValue());
            rest = divided[0];
        }
        return new String(text);
    }
}
