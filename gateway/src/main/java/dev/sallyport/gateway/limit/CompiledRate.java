package dev.sallyport.gateway.limit;

/**
 * One rate, ready to be counted.
 *
 * @param name    what clients see it called
 * @param ordinal which of its owner's rates with that period and scope
 */
record CompiledRate(Rate rate, Gcra gcra, String name, int ordinal) {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    static CompiledRate of(Rate rate, String name, int ordinal) {
        return new CompiledRate(rate, Gcra.of(rate), name, ordinal);
    }

    /** How many calls may come at once, and how long it takes until as many may come again: what clients are told. */
    String policy() {
        return "\"" + name + "\";q=" + rate.burst() + ";w=" + Math.max(1, seconds(gcra.aheadNanos()));
    }

    /** Rounded up. */
    static long seconds(long nanos) {
        return Math.ceilDiv(nanos, NANOS_PER_SECOND);
    }
}
