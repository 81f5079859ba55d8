package dev.sallyport.gateway.inspect;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.inspect.coding.DecodeLimits;
import org.jspecify.annotations.Nullable;

/**
 * What bodies may hold. Each reader works on those media types only that the model accepts.
 *
 * @param multipart    null: forms are not read
 * @param decoding     how much may come out of an encoded body
 */
public record ContentRule(@Nullable MultipartRule multipart, DecodeLimits decoding) {
    public static final ContentRule DEFAULTS = new ContentRule(MultipartRule.DEFAULTS, DecodeLimits.DEFAULTS);

    public ContentRule {
        requireNonNull(decoding, "decoding is null");
    }
}
