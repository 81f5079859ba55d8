package dev.sallyport.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.testing.ManualTime;
import dev.sallyport.gateway.testing.TestingCall;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody finds who tries keys until one is right, and what his neighbours notice of it. */
final class KeyGuessingTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String KEY = ApiKey.make(RANDOM);
    private static final String EXPIRED_KEY = ApiKey.make(RANDOM);
    private static final Caller APP = Caller.bearer("app", Caller.Cohort.PUBLIC);
    private static final String ATTACKER = "192.0.2.1";

    private final ManualTime time = new ManualTime();
    private final FailedIdentifications failures = new FailedIdentifications(time, 50);
    private final FailureLimit limit = new FailureLimit(10, Duration.ofMinutes(1).toNanos(),
            Duration.ofMinutes(5).toNanos());
    private final CountingKeys keys = new CountingKeys(new KeyTable(List.of(
            new ApiKeyEntry(ApiKey.sha256(KEY), null, APP),
            new ApiKeyEntry(ApiKey.sha256(EXPIRED_KEY), Instant.ofEpochMilli(time.epochMillis()), APP))));
    private final Identify identify = new Identify(keys, null, time, limit, failures);

    @Test
    void letsANetworkFailAsOftenAsAllowedAndThenNoMore() {
        for (int i = 0; i < 10; i++) {
            assertThat(code(guess(ATTACKER))).as("failure %d", i).isEqualTo(RefusalCode.CREDENTIAL_INVALID);
        }

        Refusal refusal = (Refusal) guess(ATTACKER);

        assertThat(refusal.code()).isEqualTo(RefusalCode.IDENTIFICATION_LIMITED);
        assertThat(refusal.fields()).containsEntry("retry-after", "6");
    }

    @Test
    void aRightGuessLooksLikeAWrongOneWhileTheNetworkWaits() {
        exhaust(ATTACKER);
        int looked = keys.lookUps;

        assertThat(show(ATTACKER, KEY)).isEqualTo(guess(ATTACKER)).isEqualTo(show(ATTACKER, EXPIRED_KEY));
        assertThat(keys.lookUps).isEqualTo(looked);
    }

    @Test
    void eachFailureAfterAWaitDoublesTheNext() {
        exhaust(ATTACKER);

        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            waits.add(retryAfter(ATTACKER));
            time.pass(Duration.ofSeconds(waits.getLast()));
            assertThat(code(guess(ATTACKER))).isEqualTo(RefusalCode.CREDENTIAL_INVALID);
        }

        assertThat(waits).containsExactly(6L, 12L, 24L, 48L, 96L, 192L, 300L, 300L, 300L);
    }

    @Test
    void whoHoldsARightKeyHimselfDoesNotBuyFurtherGuessesWithIt() {
        for (int i = 0; i < 10; i++) {
            assertThat(show(ATTACKER, KEY)).isEqualTo(Verdict.PASS);
            guess(ATTACKER);
        }

        assertThat(show(ATTACKER, KEY)).isEqualTo(Verdict.PASS);
        assertThat(code(guess(ATTACKER))).isEqualTo(RefusalCode.IDENTIFICATION_LIMITED);
    }

    @Test
    void aNeighbourWhoseKeyWasRightLatelyGoesOn() {
        assertThat(show(ATTACKER, KEY)).isEqualTo(Verdict.PASS);
        time.pass(Duration.ofMinutes(59));
        exhaust(ATTACKER);

        assertThat(show(ATTACKER, KEY)).isEqualTo(Verdict.PASS);
        assertThat(code(show(ATTACKER, KEY + "x"))).isEqualTo(RefusalCode.IDENTIFICATION_LIMITED);
    }

    @Test
    void aKeyIsNoLongerLetThroughWhenItWasNotRightForHours() {
        assertThat(show(ATTACKER, KEY)).isEqualTo(Verdict.PASS);
        time.pass(Duration.ofHours(2));
        exhaust(ATTACKER);

        assertThat(code(show(ATTACKER, KEY))).isEqualTo(RefusalCode.IDENTIFICATION_LIMITED);
    }

    @Test
    void thatAKeyWasRightElsewhereHelpsNobody() {
        assertThat(show("198.51.100.7", KEY)).isEqualTo(Verdict.PASS);
        exhaust(ATTACKER);

        assertThat(code(show(ATTACKER, KEY))).isEqualTo(RefusalCode.IDENTIFICATION_LIMITED);
        assertThat(show("198.51.100.7", KEY)).isEqualTo(Verdict.PASS);
    }

    @Test
    void aRightKeyPassesOnceTheWaitIsOver() {
        exhaust(ATTACKER);
        time.pass(Duration.ofSeconds(6));

        assertThat(show(ATTACKER, KEY)).isEqualTo(Verdict.PASS);
    }

    @Test
    void slowFailuresAreLeftAlone() {
        for (int i = 0; i < 100; i++) {
            assertThat(code(guess(ATTACKER))).isEqualTo(RefusalCode.CREDENTIAL_INVALID);
            time.pass(Duration.ofSeconds(6));
        }
    }

    @Test
    void forgetsANetworkThatHasBeenQuiet() {
        exhaust(ATTACKER);
        time.pass(Duration.ofSeconds(6).plus(Duration.ofMinutes(5)));

        for (int i = 0; i < 10; i++) {
            assertThat(code(guess(ATTACKER))).isEqualTo(RefusalCode.CREDENTIAL_INVALID);
        }
        assertThat(retryAfter(ATTACKER)).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({"2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true", "2001:db8:1:2::1, 2001:db8:1:3::1, false",
        "192.0.2.1, 192.0.2.2, false", "192.0.2.1, ::ffff:192.0.2.1, true"})
    void aNetworkIsWhatOneSubscriberHas(String first, String second, boolean same) {
        exhaust(first);

        assertThat(code(guess(second)) == RefusalCode.IDENTIFICATION_LIMITED).isEqualTo(same);
    }

    @Test
    void callsWithoutACredentialAreNoGuesses() {
        for (int i = 0; i < 100; i++) {
            assertThat(code(identify.check(TestingCall.to("/").client(ATTACKER).make())))
                    .isEqualTo(RefusalCode.CREDENTIAL_MISSING);
        }
        assertThat(failures.networks()).isZero();
    }

    @Test
    void aCallCostsOneLookUpWhateverItsKeyIs() {
        List<String> shown = List.of(KEY, EXPIRED_KEY, ApiKey.make(RANDOM), KEY.substring(0, 40), "secret");
        for (String each : shown) {
            int before = keys.lookUps;
            show(ATTACKER, each);
            assertThat(keys.lookUps - before).isEqualTo(1);
        }
    }

    @Test
    void guessesAtTheSameTimeAreBoundedByTheNumberOfLoops() throws Exception {
        int loops = 8;
        try (ExecutorService executor = Executors.newFixedThreadPool(loops)) {
            for (int round = 1; round <= 20; round++) {
                int before = keys.lookUps;
                executor.invokeAll(Collections.nCopies(loops, () -> {
                    for (int i = 0; i < 100; i++) {
                        guess(ATTACKER);
                    }
                    return true;
                }));

                assertThat(keys.lookUps - before).isLessThan((round == 1 ? 10 : 1) + loops);
                time.pass(Duration.ofMinutes(5));
            }
        }
    }

    @Test
    void remembersNobodyWhoseKeysAreRight() {
        for (int i = 0; i < 1_000; i++) {
            show("10.0." + i / 250 + "." + i % 250, KEY);
        }

        assertThat(failures.networks()).isZero();
    }

    @Test
    void anAttackerWithManyNetworksTakesABoundedRoom() {
        exhaust(ATTACKER);
        time.pass(Duration.ofSeconds(6));
        guess(ATTACKER);

        for (int i = 0; i < 5_000; i++) {
            guess("2001:db8:0:" + Integer.toHexString(i) + "::1");
        }

        assertThat(failures.networks()).isLessThanOrEqualTo(50);
        assertThat(failures.evicted()).isPositive();
        assertThat(code(guess(ATTACKER))).as("who waits longest stays").isEqualTo(RefusalCode.IDENTIFICATION_LIMITED);
    }

    @Test
    void forgetsNetworksWhoseTimeHasPassed() {
        for (int i = 0; i < 40; i++) {
            guess("198.51.100." + i);
        }
        time.pass(Duration.ofMinutes(1));
        for (int i = 0; i < 40; i++) {
            guess("203.0.113." + i);
        }

        assertThat(failures.networks()).isEqualTo(40);
        assertThat(failures.evicted()).isZero();
    }

    @Test
    void aLimitThatAReloadHasChangedAppliesAtOnce() {
        exhaust(ATTACKER);
        FailureLimit stricter = new FailureLimit(1, Duration.ofHours(1).toNanos(), Duration.ofHours(2).toNanos());
        Identify reloaded = new Identify(keys, null, time, stricter, failures);
        time.pass(Duration.ofSeconds(6));
        Verdict failed = reloaded.check(TestingCall.to("/").client(ATTACKER).header("x-api-key", "wrong").make());
        Refusal waiting =
                (Refusal) reloaded.check(TestingCall.to("/").client(ATTACKER).header("x-api-key", "wrong").make());

        assertThat(code(failed)).isEqualTo(RefusalCode.CREDENTIAL_INVALID);
        assertThat(waiting.fields()).containsEntry("retry-after", "7200");
    }

    private void exhaust(String network) {
        for (int i = 0; i < 10; i++) {
            assertThat(code(guess(network))).isEqualTo(RefusalCode.CREDENTIAL_INVALID);
        }
    }

    private long retryAfter(String network) {
        return Long.parseLong(((Refusal) guess(network)).fields().getOrDefault("retry-after", "0"));
    }

    private Verdict guess(String network) {
        return show(network, "sp_" + String.format(Locale.ROOT, "%049d", RANDOM.nextLong(Long.MAX_VALUE)));
    }

    private Verdict show(String network, String key) {
        return identify.check(TestingCall.to("/").client(network).header("x-api-key", key).make());
    }

    private static RefusalCode code(Verdict verdict) {
        return ((Refusal) verdict).code();
    }

    private static final class CountingKeys implements Keys {
        private static final AtomicIntegerFieldUpdater<CountingKeys> LOOK_UPS =
                AtomicIntegerFieldUpdater.newUpdater(CountingKeys.class, "lookUps");

        private final Keys keys;
        private volatile int lookUps;

        private CountingKeys(Keys keys) {
            this.keys = keys;
        }

        @Override
        public KeyTable.@Nullable Known find(long first, long second, long third, long fourth) {
            LOOK_UPS.incrementAndGet(this);
            return keys.find(first, second, third, fourth);
        }
    }
}
