package dev.sallyport.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.testing.ManualTime;
import dev.sallyport.gateway.testing.TestingCall;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rates per client address, and how many counters they may cost. */
final class AddressLimitTest {
    private static final Caller PUBLIC = Caller.anonymous("public");
    private static final Caller OTHER = Caller.anonymous("other");
    private static final LimitRule TEN_A_MINUTE =
            TestingLimits.rule(TestingLimits.perAddress(10, Duration.ofMinutes(1)));
    private static final int COUNTERS_MAX = 1_000;

    private final ManualTime time = new ManualTime();
    private final LimitState state = new LimitState(time, COUNTERS_MAX);
    private final Limit limit = new Limit(Map.of("public", TEN_A_MINUTE, "other", TEN_A_MINUTE,
            "partner", TestingLimits.rule(TestingLimits.rate(10, Duration.ofMinutes(1), 10))), Map.of(), state);

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7, true",
        "203.0.113.7, 203.0.113.8, false",
        "203.0.113.7, ::ffff:203.0.113.7, true",
        "2001:db8::1, 2001:db8::ffff:ffff:ffff:fffe, true",
        "2001:db8::1, 2001:db8:0:1::1, false",
        "2001:db8::1, 2001:db9::1, false",
        "::1, 127.0.0.1, false",
        "::203.0.113.7, 203.0.113.7, false",
        "0:1:cb00:7107::, 203.0.113.8, false",
    })
    void anIpv4AddressOrAnIpv6NetworkOf64BitsIsOneClient(String first, String second, boolean same) {
        assertThat(admitted(PUBLIC, first, 20)).isEqualTo(10);

        assertThat(admitted(PUBLIC, second, 20)).isEqualTo(same ? 0 : 10);
    }

    @Test
    void eachCallerCountsItsAddressesApart() {
        admitted(PUBLIC, "203.0.113.7", 20);

        assertThat(admitted(OTHER, "203.0.113.7", 20)).isEqualTo(10);
    }

    @Test
    void neverKeepsMoreCountersThanItMay() {
        for (int i = 0; i < 20 * COUNTERS_MAX; i++) {
            admitted(PUBLIC, address(i), 1);
            assertThat(state.counters()).isLessThanOrEqualTo(COUNTERS_MAX);
        }

        assertThat(state.evicted()).isEqualTo(19 * COUNTERS_MAX);
    }

    @Test
    void idleCountersMakeRoomBeforeAnyThatCount() {
        for (int i = 0; i < COUNTERS_MAX; i++) {
            admitted(PUBLIC, address(i), 1);
        }
        time.pass(Duration.ofSeconds(6)); // the time in which one call is given back

        for (int i = COUNTERS_MAX; i < 2 * COUNTERS_MAX; i++) {
            admitted(PUBLIC, address(i), 1);
        }

        assertThat(state.evicted()).isZero();
        assertThat(state.counters()).isLessThanOrEqualTo(COUNTERS_MAX);
    }

    /** Whoever hammers has counted most, so others' single calls do not push it out of the table. */
    @Test
    void manyNewAddressesDoNotFreeOneThatIsExhausted() {
        admitted(PUBLIC, "203.0.113.7", 20);

        for (int i = 0; i < 5 * COUNTERS_MAX; i++) {
            admitted(PUBLIC, address(i), 1);
        }

        assertThat(admitted(PUBLIC, "203.0.113.7", 20)).isZero();
    }

    @Test
    void addressesDoNotPushOutTheCountersOfCallers() {
        Caller partner = Caller.bearer("partner", Caller.Cohort.PARTNER);
        assertThat(admitted(partner, "203.0.113.7", 5)).isEqualTo(5);

        for (int i = 0; i < 5 * COUNTERS_MAX; i++) {
            admitted(PUBLIC, address(i), 1);
        }

        assertThat(admitted(partner, "203.0.113.7", 20)).isEqualTo(5);
    }

    @Test
    void countersOfCallersGoneForGoodDoNotStay() {
        for (int i = 0; i < COUNTERS_MAX; i++) {
            admitted(PUBLIC, address(i), 1);
        }
        assertThat(state.counters()).isEqualTo(COUNTERS_MAX);
        time.pass(Duration.ofMinutes(1));

        for (int i = 0; i < 100; i++) {
            time.pass(Duration.ofMillis(10));
            admitted(PUBLIC, "203.0.113.7", 1);
        }

        assertThat(state.counters()).isEqualTo(1);
    }

    private static String address(int i) {
        return "10." + (i >> 16 & 255) + "." + (i >> 8 & 255) + "." + (i & 255);
    }

    private int admitted(Caller caller, String client, int calls) {
        int admitted = 0;
        for (int i = 0; i < calls; i++) {
            Call call = TestingCall.of(caller, null).client(client).make(time);
            admitted += limit.check(call) instanceof Verdict.Pass ? 1 : 0;
        }
        return admitted;
    }
}
