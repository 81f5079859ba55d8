package dev.sallyport.gateway.call;

import java.util.SplittableRandom;

/**
 * Makes the ids of calls: 26 characters of Crockford base 32, 48 bits of wall-clock milliseconds and then 80 random
 * bits, so that they sort by time. Unique, not secret. One instance belongs to one event loop.
 */
public final class CallIds {
    private static final byte[] DIGITS =
            "0123456789ABCDEFGHJKMNPQRSTVWXYZ".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    private static final int LENGTH = 26;

    private final Time time;
    private final SplittableRandom random;

    public CallIds(Time time, SplittableRandom random) {
        this.time = time;
        this.random = random;
    }

    @SuppressWarnings("deprecation") // the one constructor that neither decodes nor checks: all bytes are ASCII
    public String next() {
        byte[] text = new byte[LENGTH];
        long millis = time.epochMillis();
        for (int i = 9; i >= 0; i--) {
            text[i] = DIGITS[(int) (millis & 31)];
            millis >>>= 5;
        }
        long high = random.nextLong();
        long low = random.nextLong();
        for (int i = 10; i < 18; i++) {
            text[i] = DIGITS[(int) (high & 31)];
            text[i + 8] = DIGITS[(int) (low & 31)];
            high >>>= 5;
            low >>>= 5;
        }
        return new String(text, 0);
    }
}
