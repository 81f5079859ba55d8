package dev.sallyport.gateway.inspect;

import java.util.List;

/**
 * What the requests of one model may carry.
 *
 * @param bytesMax bytes of body, at least 0
 * @param accepts  lower-case media types ({@code image/png}, {@code image/*}); empty: any
 */
public record BodyRule(long bytesMax, List<String> accepts) {
    public BodyRule {
        accepts = List.copyOf(accepts);
        if (bytesMax < 0) {
            throw new IllegalArgumentException("bytesMax is negative");
        }
    }
}
