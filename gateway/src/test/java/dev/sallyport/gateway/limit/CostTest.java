package dev.sallyport.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.Measure;
import dev.sallyport.gateway.limit.Price.Per;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What calls cost: exactly, and rounded up once. */
final class CostTest {
    @Test
    void aPriceBelowAMillionthIsExact() {
        Price price = new Price.Metered(Price.picos(new BigDecimal("0.0000004")), new Usage("x-usage", null, null), 1,
                0);

        assertThat(micros(price, Measure.ONE, 0, 1)).isEqualTo(1);
        assertThat(micros(price, Measure.ONE, 0, 5)).isEqualTo(2);
        assertThat(micros(price, Measure.ONE, 0, 1_000_000)).isEqualTo(400_000);
        assertThat(micros(price, Measure.ONE, 0, 1_000_001)).isEqualTo(400_001);
        assertThat(micros(price, Measure.ONE, 0, 0)).isZero();
    }

    @Test
    void aPriceCountsWhatItStandsFor() {
        Measure measure = new Measure(3, 1_500_000, 4_096);
        long picos = Price.picos(new BigDecimal("0.002"));

        assertThat(micros(new Price.Each(picos, Per.CALL), measure, 4_096, 0)).isEqualTo(2_000);
        assertThat(micros(new Price.Each(picos, Per.INSTANCE), measure, 4_096, 0)).isEqualTo(6_000);
        assertThat(micros(new Price.Each(picos, Per.MEGAPIXEL), measure, 4_096, 0)).isEqualTo(3_000);
        assertThat(micros(new Price.Each(picos, Per.KIB), measure, 4_096, 0)).isEqualTo(8_000);
    }

    /** Thirds of a millionth from three prices make one millionth, and not three. */
    @Test
    void pricesAreAddedBeforeTheyAreRounded() {
        Price third = new Price.Each(333_333, Per.CALL);

        assertThat(Cost.micros(List.of(third, third, third), Measure.ONE, 0, new long[3])).isEqualTo(1);
    }

    @Test
    void agreesWithExactFractionsWhateverTheAmounts() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 20_000; i++) {
            List<Price> prices = new ArrayList<>();
            long[] units = new long[3];
            BigDecimal exact = BigDecimal.ZERO;
            Measure measure = new Measure(any(random, 30) + 1, any(random, 45), 0);
            long bytes = any(random, 40);
            for (int each = 0; each < 3; each++) {
                long picos = any(random, 62);
                units[each] = any(random, 62);
                Per per = Per.values()[random.nextInt(4)];
                boolean metered = random.nextBoolean();
                prices.add(metered ? new Price.Metered(picos, new Usage(null, "/n", null), 1, 0)
                        : new Price.Each(picos, per));
                long count = metered ? units[each] : switch (per) {
                    case CALL -> 1;
                    case INSTANCE -> measure.instances();
                    case MEGAPIXEL -> measure.pixels();
                    case KIB -> bytes;
                };
                long divisor = metered ? 1 : per == Per.KIB ? 1_024 : per == Per.MEGAPIXEL ? 1_000_000 : 1;
                exact = exact.add(BigDecimal.valueOf(picos).multiply(BigDecimal.valueOf(count))
                        .divide(BigDecimal.valueOf(divisor)));
            }
            BigInteger micros = exact.movePointLeft(6).setScale(0, RoundingMode.CEILING).toBigInteger();
            assertThat(BigInteger.valueOf(Cost.micros(prices, measure, bytes, units)))
                    .isEqualTo(micros.min(BigInteger.valueOf(Long.MAX_VALUE)));
        }
    }

    @Test
    void moneyIsReadAndShownExactly() {
        assertThat(Money.of(new BigDecimal("0.000002"), "USD")).hasToString("0.000002 USD");
        assertThat(Money.of(new BigDecimal("5"), "EUR").micros()).isEqualTo(5_000_000);
        assertThat(Money.of(new BigDecimal("100.50"), "USD")).hasToString("100.5 USD");
        assertThat(Money.of(new BigDecimal("1000"), "USD")).hasToString("1000 USD");
        assertThatThrownBy(() -> Money.of(new BigDecimal("0.0000001"), "USD")).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Money.of(new BigDecimal("10000000000000"), "USD"))
                .isInstanceOf(ArithmeticException.class);
    }

    private static long micros(Price price, Measure measure, long bytes, long units) {
        return Cost.micros(List.of(price), measure, bytes, new long[]{units});
    }

    private static long any(SplittableRandom random, int bitsMax) {
        return random.nextLong(1L << random.nextInt(1, bitsMax + 1));
    }
}
