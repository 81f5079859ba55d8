package dev.sallyport.gateway.limit;

import java.util.List;

/**
 * What limits one caller or one model.
 *
 * @param rates       each must hold; may be empty
 * @param concurrency calls in flight at most; 0: no limit
 */
public record LimitRule(List<Rate> rates, int concurrency) {
    public static final LimitRule NONE = new LimitRule(List.of(), 0);

    public LimitRule {
        rates = List.copyOf(rates);
        if (concurrency < 0) {
            throw new IllegalArgumentException("concurrency is negative");
        }
    }
}
