package dev.sallyport.app.config;

import dev.sallyport.gateway.limit.Price;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What calls of a model cost, and how what they carry is counted.
 *
 * @param prices           a call costs their sum; none: nothing
 * @param instancesPointer where the instances of a request stand; null: in the known shapes
 * @param instancesMax     instances of one call at most; 0: nothing is said of them
 */
public record CostConfiguration(List<Price> prices, @Nullable String instancesPointer, int instancesMax) {
    public static final CostConfiguration NONE = new CostConfiguration(List.of(), null, 0);

    public CostConfiguration {
        prices = List.copyOf(prices);
    }
}
