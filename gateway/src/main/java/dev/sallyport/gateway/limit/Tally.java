package dev.sallyport.gateway.limit;

/**
 * What an account has counted in its spans: the newest, and as many before it as count. An immutable value. It never goes
 * back: an instant before the newest span, as when a clock is set back, counts into the newest.
 */
final class Tally {
    /** What an account holds that is no longer in use. */
    static final Tally RETIRED = new Tally(Long.MIN_VALUE, 0, new long[0]);

    private final long newest;
    private final long sum;
    /** By number of the span, modulo their count. */
    private final long[] amounts;

    private Tally(long newest, long sum, long[] amounts) {
        this.newest = newest;
        this.sum = sum;
        this.amounts = amounts;
    }

    static Tally empty(int spans) {
        return new Tally(Long.MIN_VALUE, 0, new long[spans]);
    }

    long newest() {
        return newest;
    }

    /** All that counts; {@link Long#MAX_VALUE} stands for that or more. */
    long sum() {
        return sum;
    }

    /** What was counted in span {@code number}; 0 when it no longer counts. */
    long of(long number) {
        return counts(number) ? amounts[index(number)] : 0;
    }

    boolean counts(long number) {
        return newest != Long.MIN_VALUE && number <= newest && newest - number < amounts.length;
    }

    /** The tally when span {@code number} has begun. */
    Tally advanced(long number) {
        if (number <= newest) {
            return this;
        }
        if (newest == Long.MIN_VALUE || number - newest >= amounts.length) {
            return new Tally(number, 0, new long[amounts.length]);
        }
        long[] remaining = amounts.clone();
        for (long passed = newest + 1; passed <= number; passed++) {
            remaining[index(passed)] = 0;
        }
        return new Tally(number, total(remaining), remaining);
    }

    /** The tally with {@code change} more, or less when it is negative, in a span that counts. */
    Tally plus(long number, long change) {
        long[] changed = amounts.clone();
        int index = index(number);
        changed[index] = Math.max(0, saturated(changed[index], change));
        return new Tally(newest, total(changed), changed);
    }

    private int index(long number) {
        return (int) Math.floorMod(number, (long) amounts.length);
    }

    private static long total(long[] amounts) {
        long total = 0;
        for (long amount : amounts) {
            total = saturated(total, amount);
        }
        return total;
    }

    private static long saturated(long left, long right) {
        long sum = left + right;
        return left > 0 && right > 0 && sum < 0 ? Long.MAX_VALUE : sum;
    }
}
