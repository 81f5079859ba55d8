package dev.sallyport.gateway.telemetry;

/**
 * The buckets of a histogram of durations: each counts what is at most its upper bound, the last one everything longer.
 *
 * <p>In a block of {@link Cells} a histogram takes {@link #cells} cells from {@code first}: one per bucket, then the sum in nanoseconds.
 */
enum Buckets {
    /** Of whole calls: from half a millisecond to five minutes. */
    CALL(500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
            10_000_000, 30_000_000, 60_000_000, 300_000_000),
    /** Of phases, many of which are over in microseconds. */
    PHASE(1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000, 10_000_000,
            60_000_000);

    private static final long NANOS_PER_MICRO = 1_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final long[] boundsNanos;

    Buckets(long... boundsMicros) {
        boundsNanos = new long[boundsMicros.length];
        for (int i = 0; i < boundsMicros.length; i++) {
            boundsNanos[i] = boundsMicros[i] * NANOS_PER_MICRO;
        }
    }

    /** How many buckets there are, that without an upper bound included. */
    int count() {
        return boundsNanos.length + 1;
    }

    int cells() {
        return count() + 1;
    }

    /** Which bucket counts {@code nanos}. */
    int bucket(long nanos) {
        int bucket = 0;
        while (bucket < boundsNanos.length && nanos > boundsNanos[bucket]) {
            bucket++;
        }
        return bucket;
    }

    void add(Cells.Block block, int first, long nanos) {
        block.add(first + bucket(nanos), 1);
        block.add(first + count(), nanos);
    }

    /** The upper bounds in seconds, the last one infinite. */
    double[] boundsSeconds() {
        double[] seconds = new double[count()];
        for (int i = 0; i < boundsNanos.length; i++) {
            seconds[i] = boundsNanos[i] / NANOS_PER_SECOND;
        }
        seconds[boundsNanos.length] = Double.POSITIVE_INFINITY;
        return seconds;
    }

    /** What each bucket alone counts, of sums taken by {@link Cells#sums}. */
    long[] counts(long[] sums, int first) {
        long[] counts = new long[count()];
        System.arraycopy(sums, first, counts, 0, counts.length);
        return counts;
    }

    double sumSeconds(long[] sums, int first) {
        return sums[first + count()] / NANOS_PER_SECOND;
    }
}
