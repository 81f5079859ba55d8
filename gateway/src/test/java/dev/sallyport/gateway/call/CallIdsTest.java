package dev.sallyport.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CallIdsTest {
    private long millis = 1_700_000_000_000L;
    private final CallIds ids = new CallIds(new Time() {
        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public long epochMillis() {
            return millis;
        }
    }, new SplittableRandom(7));

    @Test
    void noTwoAreAlike() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            assertThat(seen.add(ids.next())).isTrue();
        }
    }

    @Test
    void theySortByTimeAndNeedNoEscapingAnywhere() {
        String earlier = ids.next();
        millis++;
        String later = ids.next();

        assertThat(earlier).isLessThan(later).matches("[0-9A-HJKMNP-TV-Z]{26}");
    }
}
