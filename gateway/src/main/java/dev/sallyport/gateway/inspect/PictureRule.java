package dev.sallyport.gateway.inspect;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.inspect.image.PictureLimits;

/**
 * What pictures may be sent.
 *
 * @param limits of each picture
 * @param strip  whether metadata is taken out on the way
 */
public record PictureRule(PictureLimits limits, boolean strip) {
    public static final PictureRule DEFAULTS = new PictureRule(new PictureLimits(50_000_000, 1), false);

    public PictureRule {
        requireNonNull(limits, "limits is null");
    }
}
