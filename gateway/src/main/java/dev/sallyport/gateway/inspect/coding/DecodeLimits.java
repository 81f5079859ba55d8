package dev.sallyport.gateway.inspect.coding;

/**
 * How much may come out of an encoded body.
 *
 * @param ratio    bytes that may come out for each one that came in, at least 1; does not bind below {@link #RATIO_FREE_BYTES}
 * @param bytesMax bytes that may come out at all, at least 0 and at most 2^31 - 9
 */
public record DecodeLimits(int ratio, long bytesMax) {
    public static final DecodeLimits DEFAULTS = new DecodeLimits(100, 64L << 20);
    /** Little of much is usual, and harmless: a small table of zeros shrinks a thousandfold. */
    public static final long RATIO_FREE_BYTES = 64L << 10;

    public DecodeLimits {
        if (ratio < 1 || bytesMax < 0 || bytesMax > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a limit for decoding is out of range");
        }
    }

    /** What may come out of {@code encodedBytes}. */
    public long most(long encodedBytes) {
        return Math.min(bytesMax, Math.max(RATIO_FREE_BYTES, encodedBytes * ratio));
    }
}
