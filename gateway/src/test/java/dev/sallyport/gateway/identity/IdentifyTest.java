package dev.sallyport.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.ProblemBody;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.testing.ManualTime;
import dev.sallyport.gateway.testing.TestingCall;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentifyTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String KEY = ApiKey.make(RANDOM);
    private static final String SECOND_KEY = ApiKey.make(RANDOM);
    private static final String EXPIRING_KEY = ApiKey.make(RANDOM);
    private static final String FOREIGN_KEY = "hunter2";
    private static final Caller PARTNER = Caller.bearer("partner", Caller.Cohort.PARTNER);
    private static final Caller APP = Caller.bearer("app", Caller.Cohort.PUBLIC);
    private static final Caller PUBLIC = Caller.anonymous("public");

    private final ManualTime time = new ManualTime();
    private final Instant expiry = Instant.ofEpochMilli(time.epochMillis()).plusSeconds(60);
    private final List<ApiKeyEntry> entries = List.of(
            entry(KEY, null, PARTNER), entry(SECOND_KEY, null, PARTNER), entry(EXPIRING_KEY, expiry, APP),
            entry(FOREIGN_KEY, null, APP));
    private final Identify identify = identify(entries, null);
    private final Identify open = identify(entries, PUBLIC);

    private Identify identify(List<ApiKeyEntry> known, @Nullable Caller anonymous) {
        return new Identify(known, anonymous, time, FailureLimit.STANDARD, new FailedIdentifications(time, 100));
    }

    @Test
    void knowsACallerByEachOfItsKeysInEitherField() {
        assertThat(caller(TestingCall.to("/").header("authorization", "Bearer " + KEY))).isEqualTo(PARTNER);
        assertThat(caller(TestingCall.to("/").header("x-api-key", KEY))).isEqualTo(PARTNER);
        assertThat(caller(TestingCall.to("/").header("x-api-key", SECOND_KEY))).isEqualTo(PARTNER);
        assertThat(caller(TestingCall.to("/").header("x-api-key", EXPIRING_KEY))).isEqualTo(APP);
    }

    @Test
    void aKeyMayComeFromElsewhere() {
        assertThat(caller(TestingCall.to("/").header("x-api-key", FOREIGN_KEY))).isEqualTo(APP);
    }

    /** A field holds one character per byte; a configured key was hashed in UTF-8. */
    @Test
    void aKeyMayHoldCharactersBeyondAscii() {
        String key = "schlüssel-鍵";
        Identify known = identify(List.of(entry(key, null, APP)), null);
        String field = new String(key.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        assertThat(known.check(TestingCall.to("/").header("x-api-key", field).make())).isEqualTo(Verdict.PASS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "Bearer   "})
    void theSchemesLetterCaseAndTheNumberOfSpacesDoNotMatter(String scheme) {
        assertThat(caller(TestingCall.to("/").header("authorization", scheme + KEY))).isEqualTo(PARTNER);
    }

    @Test
    void theSameKeyInBothFieldsIsOneCredential() {
        assertThat(caller(TestingCall.to("/").header("authorization", "Bearer " + KEY).header("x-api-key", KEY)))
                .isEqualTo(PARTNER);
    }

    @Test
    void withoutCredentialNobodyGetsIn() {
        Refusal refusal = refusal(identify, TestingCall.to("/"));

        assertThat(refusal.code()).isEqualTo(RefusalCode.CREDENTIAL_MISSING);
        assertThat(refusal.fields()).containsEntry("www-authenticate", "Bearer");
    }

    @Test
    void anAnonymousCallerIsOneThatShowsNothing() {
        Call call = TestingCall.to("/").make();

        assertThat(open.check(call)).isEqualTo(Verdict.PASS);
        assertThat(call.caller()).isEqualTo(PUBLIC);
    }

    @Test
    void aValidCredentialCountsWhereAnonymousCallersAreLetIn() {
        Call call = TestingCall.to("/").header("x-api-key", KEY).make();

        assertThat(open.check(call)).isEqualTo(Verdict.PASS);
        assertThat(call.caller()).isEqualTo(PARTNER);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", ignoreLeadingAndTrailingWhitespace = false, value = {
        "Bearer wrong,-", "-,wrong", "'',-", "-,''", "Bearer,-", "'Bearer ',-", "'Bearer    ',-",
        "Basic dXNlcjpwYXNz,-", "wrong,-",
        "Bearerwrong,-", "Digest username=x,-", "Bearer wrong,wrong",
    })
    void aWrongCredentialIsInvalidAlsoWhereAnonymousCallersAreLetIn(String authorization, String plain) {
        for (Identify each : List.of(identify, open)) {
            TestingCall call = TestingCall.to("/");
            if (authorization != null) {
                call.header("authorization", authorization);
            }
            if (plain != null) {
                call.header("x-api-key", plain);
            }

            Refusal refusal = refusal(each, call);

            assertThat(refusal.code()).isEqualTo(RefusalCode.CREDENTIAL_INVALID);
            assertThat(refusal.fields().get("www-authenticate")).startsWith("Bearer");
        }
    }

    @Test
    void refusesTwoCredentialsOfWhichOneIsValid() {
        assertInvalid(TestingCall.to("/").header("authorization", "Bearer " + KEY).header("x-api-key", SECOND_KEY),
                "different");
        assertInvalid(TestingCall.to("/").header("authorization", "Bearer " + KEY).header("x-api-key", ""),
                "different");
        assertInvalid(
                TestingCall.to("/").header("authorization", "Bearer " + KEY).header("x-api-key", KEY.substring(1)),
                "different");
        assertInvalid(TestingCall.to("/").header("authorization", "Basic x").header("x-api-key", KEY), "Bearer");
    }

    @Test
    void refusesARepeatedField() {
        assertInvalid(TestingCall.to("/").header("x-api-key", KEY).header("x-api-key", KEY), "repeats");
        assertInvalid(
                TestingCall.to("/").header("authorization", "Bearer " + KEY).header("authorization", "Bearer " + KEY),
                "repeats");
        assertInvalid(TestingCall.to("/").header("authorization", "Bearer x").header("x-api-key", KEY)
                .header("authorization", "y"), "repeats");
    }

    @Test
    void aKeyWithAnythingAroundItIsAnotherKey() {
        for (String text : List.of(KEY + " ", " " + KEY, KEY + "," + KEY, "\"" + KEY + "\"", KEY + "\u0000",
                KEY.toLowerCase(Locale.ROOT))) {
            assertThat(refusal(identify, TestingCall.to("/").header("x-api-key", text)).code())
                    .isEqualTo(RefusalCode.CREDENTIAL_INVALID);
        }
    }

    @Test
    void everyDigitOfTheHashCounts() {
        String hash = ApiKey.sha256(KEY);
        for (int i = 0; i < hash.length(); i++) {
            String other = hash.substring(0, i) + (hash.charAt(i) == '0' ? '1' : '0') + hash.substring(i + 1);
            Identify nearly = identify(List.of(new ApiKeyEntry(other, null, PARTNER)), null);

            assertThat(refusal(nearly, TestingCall.to("/").header("x-api-key", KEY)).code())
                    .isEqualTo(RefusalCode.CREDENTIAL_INVALID);
        }
    }

    @Test
    void aKeyIsRefusedFromTheMomentItExpires() {
        time.pass(Duration.ofMillis(59_999));
        assertThat(caller(TestingCall.to("/").header("x-api-key", EXPIRING_KEY))).isEqualTo(APP);

        time.pass(Duration.ofMillis(1));

        assertInvalid(TestingCall.to("/").header("x-api-key", EXPIRING_KEY), "expired at " + expiry);
        assertThat(caller(TestingCall.to("/").header("x-api-key", KEY))).isEqualTo(PARTNER);
    }

    @Test
    void tellsATypoFromAKeyThatNobodyHolds() {
        assertInvalid(TestingCall.to("/").header("x-api-key", KEY.substring(0, 20) + KEY.substring(21)), "damaged");
        assertInvalid(TestingCall.to("/").header("x-api-key", ApiKey.make(RANDOM)), "No caller holds");
        assertInvalid(TestingCall.to("/").header("x-api-key", "somebody-else's"), "No caller holds");
    }

    @Test
    void aCredentialOfAnyLengthIsAnswered() {
        assertInvalid(TestingCall.to("/").header("x-api-key", "x".repeat(4_096)), "No caller holds");
        assertInvalid(TestingCall.to("/").header("x-api-key", "x".repeat(4_097)), "longer than 4096");
        assertInvalid(TestingCall.to("/").header("authorization", "Bearer " + "x".repeat(65_000)), "longer than 4096");
        assertThat(caller(TestingCall.to("/").header("x-api-key", KEY))).isEqualTo(PARTNER);
    }

    @Test
    void noRefusalRepeatsAnyPartOfTheCredential() {
        String mistyped = KEY.substring(0, 30) + "!" + KEY.substring(31);
        String unknown = ApiKey.make(RANDOM);
        time.pass(Duration.ofHours(1));
        for (String key : List.of(mistyped, unknown, EXPIRING_KEY, "dXNlcjpwYXNz")) {
            for (TestingCall call : List.of(
                    TestingCall.to("/").header("x-api-key", key),
                    TestingCall.to("/").header("authorization", "Bearer " + key),
                    TestingCall.to("/").header("authorization", "Basic " + key),
                    TestingCall.to("/").header("authorization", "Bearer " + key).header("x-api-key", key + "x"))) {
                Refusal refusal = refusal(identify, call);
                String said = new String(ProblemBody.render(refusal, "call"), StandardCharsets.UTF_8) + refusal.fields()
                        + refusal;
                for (int i = 0; i + 6 <= key.length(); i++) {
                    assertThat(said).doesNotContain(key.substring(i, i + 6));
                }
            }
        }
    }

    @Test
    void neitherKeysNorHashesAreInAnythingPrinted() {
        assertThat(identify.toString() + TestingCall.to("/").header("x-api-key", KEY).make().request())
                .doesNotContain(KEY).doesNotContain(ApiKey.sha256(KEY));
    }

    @Test
    void refusesAKeyThatTwoCallersHold() {
        assertThatThrownBy(() -> identify(List.of(entry(KEY, null, PARTNER), entry(KEY, null, APP)), null))
                .hasMessageContaining("partner").hasMessageContaining("app")
                .hasMessageNotContaining(ApiKey.sha256(KEY));
    }

    @Test
    void findsEachOfManyKeys() {
        List<ApiKeyEntry> many = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            many.add(entry("key-" + i, null, Caller.bearer("caller-" + i, Caller.Cohort.PARTNER)));
        }
        Identify known = identify(many, null);
        for (int i = 0; i < 20_000; i++) {
            Call call = TestingCall.to("/").header("x-api-key", "key-" + i).make();
            assertThat(known.check(call)).isEqualTo(Verdict.PASS);
            assertThat(call.caller()).extracting(Caller::id).isEqualTo("caller-" + i);
        }
        assertThat(refusal(known, TestingCall.to("/").header("x-api-key", "key-20000")).code())
                .isEqualTo(RefusalCode.CREDENTIAL_INVALID);
    }

    @Test
    void threadsDoNotMixUpTheirKeys() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> rounds = threads.invokeAll(List.of(always(KEY, PARTNER), always(EXPIRING_KEY, APP),
                    always(FOREIGN_KEY, APP), always(SECOND_KEY, PARTNER)));
            for (Future<Boolean> round : rounds) {
                assertThat(round.get()).isTrue();
            }
        }
    }

    private Callable<Boolean> always(String key, Caller caller) {
        return () -> {
            for (int i = 0; i < 20_000; i++) {
                if (!caller.equals(caller(TestingCall.to("/").header("x-api-key", key)))) {
                    return false;
                }
            }
            return true;
        };
    }

    private Caller caller(TestingCall made) {
        Call call = made.make();
        assertThat(identify.check(call)).isEqualTo(Verdict.PASS);
        return Objects.requireNonNull(call.caller());
    }

    private void assertInvalid(TestingCall call, String detail) {
        Refusal refusal = refusal(identify, call);
        assertThat(refusal.code()).isEqualTo(RefusalCode.CREDENTIAL_INVALID);
        assertThat(refusal.detail()).contains(detail);
        assertThat(refusal.fields()).containsEntry("www-authenticate", "Bearer error=\"invalid_token\"");
    }

    private static Refusal refusal(Identify identify, TestingCall made) {
        Call call = made.make();
        Verdict verdict = identify.check(call);
        assertThat(verdict).isInstanceOf(Refusal.class);
        assertThat(call.caller()).isNull();
        return (Refusal) verdict;
    }

    private static ApiKeyEntry entry(String key, @Nullable Instant expires, Caller caller) {
        return new ApiKeyEntry(ApiKey.sha256(key), expires, caller);
    }
}
