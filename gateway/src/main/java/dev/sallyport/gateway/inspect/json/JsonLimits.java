package dev.sallyport.gateway.inspect.json;

/**
 * How large the parts of one JSON text may be. Every limit is inclusive.
 *
 * @param depth       arrays and objects within each other, 1 to {@link #DEPTH_MOST}
 * @param stringBytes bytes of one string or name between its quotes, as written; at least 1
 * @param members     members of one object, at least 1
 * @param elements    elements of one array, at least 1
 * @param values      values of all kinds in the whole text, at least 1
 * @param digits      digits of one number in front of its exponent, at least 1
 * @param magnitude   powers of ten in front of the point, 0 to {@link #MAGNITUDE_MOST}; at the most, what a 64-bit
 *                    float cannot hold is refused, since many readers turn it into infinity
 */
public record JsonLimits(
        int depth, long stringBytes, int members, int elements, long values, int digits, int magnitude) {
    /** The deepest nesting that can be allowed: readers that recurse fail soon after. */
    public static final int DEPTH_MOST = 1_000;
    /** The decimal exponent of the largest 64-bit float. */
    public static final int MAGNITUDE_MOST = 308;

    /** For requests: a long prompt and a large tensor pass, what only an attacker writes does not. */
    public static final JsonLimits DEFAULTS =
            new JsonLimits(64, Long.MAX_VALUE, 10_000, 10_000_000, 10_000_000, 100, MAGNITUDE_MOST);
    /** For what a model answers, whose length is limited already: only what a reader could stumble over is refused. */
    public static final JsonLimits ANSWER =
            new JsonLimits(64, Long.MAX_VALUE, 1_000_000, Integer.MAX_VALUE, Long.MAX_VALUE, 1_000, MAGNITUDE_MOST);

    public JsonLimits {
        if (depth < 1 || depth > DEPTH_MOST) {
            throw new IllegalArgumentException("depth is not between 1 and " + DEPTH_MOST);
        }
        if (stringBytes < 1 || members < 1 || elements < 1 || values < 1 || digits < 1) {
            throw new IllegalArgumentException("a limit is below 1");
        }
        if (magnitude < 0 || magnitude > MAGNITUDE_MOST) {
            throw new IllegalArgumentException("magnitude is not between 0 and " + MAGNITUDE_MOST);
        }
    }

    public JsonLimits withDepth(int most) {
        return new JsonLimits(most, stringBytes, members, elements, values, digits, magnitude);
    }

    public JsonLimits withStringBytes(long most) {
        return new JsonLimits(depth, most, members, elements, values, digits, magnitude);
    }
}
