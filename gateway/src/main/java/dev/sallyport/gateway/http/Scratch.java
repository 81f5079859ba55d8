package dev.sallyport.gateway.http;

import java.util.Arrays;

/** A byte array that a loop's parsers and writers use in turn, each within one call; nothing in it outlives the call. */
final class Scratch {
    private static final int INITIAL_BYTES = 8 * 1024;

    private byte[] bytes = new byte[INITIAL_BYTES];

    byte[] bytes() {
        return bytes;
    }

    /** The array, of at least {@code length} bytes; what it held is kept. */
    byte[] atLeast(int length) {
        if (bytes.length < length) {
            bytes = Arrays.copyOf(bytes, Math.max(length, bytes.length * 2));
        }
        return bytes;
    }
}
