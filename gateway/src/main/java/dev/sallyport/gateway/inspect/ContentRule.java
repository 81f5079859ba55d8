package dev.sallyport.gateway.inspect;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.inspect.coding.DecodeLimits;
import dev.sallyport.gateway.inspect.json.JsonRule;
import org.jspecify.annotations.Nullable;

/**
 * What bodies may hold. Each reader works on those media types only that the model accepts.
 *
 * @param pictures     null: pictures are not read
 * @param json         null: JSON is not read
 * @param multipart    null: forms are not read
 * @param decoding     how much may come out of an encoded body
 * @param instancesMax for which one request may ask, at least 1
 */
public record ContentRule(@Nullable PictureRule pictures, @Nullable JsonRule json, @Nullable MultipartRule multipart,
        DecodeLimits decoding, long instancesMax) {
    public static final long INSTANCES_MAX = 1_000;
    public static final ContentRule DEFAULTS = new ContentRule(
            PictureRule.DEFAULTS, JsonRule.DEFAULTS, MultipartRule.DEFAULTS, DecodeLimits.DEFAULTS, INSTANCES_MAX);

    public ContentRule {
        requireNonNull(decoding, "decoding is null");
        if (instancesMax < 1) {
            throw new IllegalArgumentException("instancesMax is below 1");
        }
    }
}
