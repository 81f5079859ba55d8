package dev.sallyport.gateway.limit;

import java.util.List;

/**
 * What calls of one model cost, and how they are counted.
 *
 * @param prices       a call costs their sum; none: nothing
 * @param instancesMax instances of one call at most; 0: they are not bounded, nor counted for this model's own sake
 * @param bodyBytesMax bytes of a body at most, where it must be seen for what it carries
 * @param totalMillis  how long a call takes at most, and so a reservation of a gateway that was killed counts
 */
public record ChargeRule(List<Price> prices, long instancesMax, long bodyBytesMax, long totalMillis) {
    public ChargeRule {
        prices = List.copyOf(prices);
        if (instancesMax < 0 || bodyBytesMax < 0 || totalMillis < 0) {
            throw new IllegalArgumentException("a bound is negative");
        }
    }

    /** Whether some price needs to know what the body carries. */
    boolean measured() {
        return instancesMax > 0 || has(Price.Per.INSTANCE) || has(Price.Per.MEGAPIXEL);
    }

    boolean has(Price.Per per) {
        for (int i = 0; i < prices.size(); i++) {
            if (prices.get(i) instanceof Price.Each each && each.per() == per) {
                return true;
            }
        }
        return false;
    }

    /** Whether some price is for what the body of an answer says. */
    boolean readsAnswer() {
        for (int i = 0; i < prices.size(); i++) {
            if (prices.get(i) instanceof Price.Metered metered && metered.usage().inBody()) {
                return true;
            }
        }
        return false;
    }
}
