package dev.sallyport.gateway.identity;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/** Hashes presented keys without allocating; confined to its thread. The hash stands in four numbers, first byte highest. */
final class KeyHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final MessageDigest digest = ApiKey.digest();
    private final byte[] output = new byte[32];
    private byte[] input = new byte[128];

    long first;
    long second;
    long third;
    long fourth;

    /** Hashes the part of {@code field} from {@code start} on, one byte per character. */
    @SuppressWarnings("deprecation") // the one method that copies Latin-1 characters without an array of its own
    void update(String field, int start) {
        int length = field.length() - start;
        if (length > input.length) {
            input = new byte[length];
        }
        field.getBytes(start, field.length(), input, 0);
        digest.update(input, 0, length);
        Arrays.fill(input, 0, length, (byte) 0);
        try {
            digest.digest(output, 0, output.length);
        } catch (DigestException impossible) {
            throw new IllegalStateException("a SHA-256 fits into 32 bytes", impossible);
        }
        first = (long) LONGS.get(output, 0);
        second = (long) LONGS.get(output, 8);
        third = (long) LONGS.get(output, 16);
        fourth = (long) LONGS.get(output, 24);
    }
}
