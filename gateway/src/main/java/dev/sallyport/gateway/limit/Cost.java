package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.call.Measure;
import java.math.BigInteger;
import java.util.List;

/**
 * Adds up what a call costs at several prices: exactly, and rounded up once to a millionth of the currency's unit. A sum
 * that no account could hold is {@link Long#MAX_VALUE}.
 */
final class Cost {
    private static final int PICOS_PER_MICRO = 1_000_000;
    /** The least number that all divisors of {@link Price.Per} divide. */
    private static final int PARTS = 16_000_000;

    private Cost() {}

    /** @param units what was used at each metered price, by its place among all prices */
    static long micros(List<Price> prices, Measure measure, long bytes, long[] units) {
        long picos = 0;
        long parts = 0;
        for (int i = 0; i < prices.size(); i++) {
            Price price = prices.get(i);
            long count = count(price, measure, bytes, units[i]);
            long divisor = divisor(price);
            long product = price.picos() * count;
            if (product < 0 || Math.multiplyHigh(price.picos(), count) != 0) {
                return exactly(prices, measure, bytes, units);
            }
            parts += product % divisor * (PARTS / divisor);
            picos += product / divisor + parts / PARTS;
            parts %= PARTS;
            if (picos < 0) {
                return exactly(prices, measure, bytes, units);
            }
        }
        return picos / PICOS_PER_MICRO + (picos % PICOS_PER_MICRO != 0 || parts != 0 ? 1 : 0);
    }

    private static long exactly(List<Price> prices, Measure measure, long bytes, long[] units) {
        BigInteger parts = BigInteger.ZERO;
        for (int i = 0; i < prices.size(); i++) {
            Price price = prices.get(i);
            parts = parts.add(BigInteger.valueOf(price.picos())
                    .multiply(BigInteger.valueOf(count(price, measure, bytes, units[i])))
                    .multiply(BigInteger.valueOf(PARTS / divisor(price))));
        }
        BigInteger divisor = BigInteger.valueOf(PICOS_PER_MICRO).multiply(BigInteger.valueOf(PARTS));
        BigInteger micros = parts.add(divisor.subtract(BigInteger.ONE)).divide(divisor);
        return micros.bitLength() < Long.SIZE ? micros.longValueExact() : Long.MAX_VALUE;
    }

    private static long count(Price price, Measure measure, long bytes, long used) {
        return switch (price) {
            case Price.Metered _ -> used;
            case Price.Each(_, Price.Per per) -> switch (per) {
                case CALL -> 1;
                case INSTANCE -> measure.instances();
                case MEGAPIXEL -> measure.pixels();
                case KIB -> bytes;
            };
        };
    }

    private static int divisor(Price price) {
        return switch (price) {
            case Price.Metered _ -> 1;
            case Price.Each(_, Price.Per per) -> per.divisor();
        };
    }
}
