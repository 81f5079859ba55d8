package dev.sallyport.gateway.inspect;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What the requests of one model may carry.
 *
 * @param bytesMax bytes of body as transferred, at least 0
 * @param accepts  lower-case media types ({@code image/png}, {@code image/*}); empty: any, and then nothing looks inside
 * @param content  what a body of an accepted type may hold
 */
public record BodyRule(long bytesMax, List<String> accepts, ContentRule content) {
    public BodyRule {
        accepts = List.copyOf(accepts);
        requireNonNull(content, "content is null");
        if (bytesMax < 0) {
            throw new IllegalArgumentException("bytesMax is negative");
        }
    }

    /** With the contents checked as far as the accepted types ask for it. */
    public BodyRule(long bytesMax, List<String> accepts) {
        this(bytesMax, accepts, ContentRule.DEFAULTS);
    }
}
