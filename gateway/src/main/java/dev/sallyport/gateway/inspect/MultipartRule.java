package dev.sallyport.gateway.inspect;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.inspect.multipart.MultipartLimits;
import java.util.Set;

/**
 * What a form may consist of.
 *
 * @param names the fields that may occur; empty: any
 */
public record MultipartRule(MultipartLimits limits, Set<String> names) {
    public static final MultipartRule DEFAULTS = new MultipartRule(MultipartLimits.DEFAULTS, Set.of());

    public MultipartRule {
        requireNonNull(limits, "limits is null");
        names = Set.copyOf(names);
    }
}
