package dev.sallyport.gateway.inspect.json;

import org.jspecify.annotations.Nullable;

/**
 * How the instances are counted for which a request asks, and how many one may ask for.
 *
 * @param pointer      to the array whose elements are instances; null: the known shapes are counted, and any other text as one
 * @param most         instances of one request, at least 1
 * @param tensorValues values of one tensor whose shape is given, at least 1
 */
public record InstanceRule(@Nullable JsonPointer pointer, long most, long tensorValues) {
    public static final InstanceRule DEFAULTS = new InstanceRule(null, 1_000, 10_000_000);

    public InstanceRule {
        if (most < 1 || tensorValues < 1) {
            throw new IllegalArgumentException("a limit is below 1");
        }
    }
}
