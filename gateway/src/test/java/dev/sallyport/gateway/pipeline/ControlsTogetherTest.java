package dev.sallyport.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.ProblemBody;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.http.Loops;
import dev.sallyport.gateway.identity.ApiKey;
import dev.sallyport.gateway.identity.ApiKeyEntry;
import dev.sallyport.gateway.identity.FailedIdentifications;
import dev.sallyport.gateway.identity.FailureLimit;
import dev.sallyport.gateway.identity.Identify;
import dev.sallyport.gateway.inspect.BodyRule;
import dev.sallyport.gateway.inspect.Inspect;
import dev.sallyport.gateway.inspect.InspectionThreads;
import dev.sallyport.gateway.limit.Accounts;
import dev.sallyport.gateway.limit.Charge;
import dev.sallyport.gateway.limit.ChargeRule;
import dev.sallyport.gateway.limit.Limit;
import dev.sallyport.gateway.limit.LimitRule;
import dev.sallyport.gateway.limit.LimitState;
import dev.sallyport.gateway.limit.Rate;
import dev.sallyport.gateway.policy.Authorize;
import dev.sallyport.gateway.route.ModelRoute;
import dev.sallyport.gateway.route.Router;
import dev.sallyport.gateway.testing.ManualTime;
import dev.sallyport.gateway.testing.TestingCall;
import dev.sallyport.gateway.upstream.Upstreams;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real controls in their real order: what none of them could promise alone. */
final class ControlsTogetherTest {
    private static final String KEY = "key of the partner";
    private static final String OTHER_KEY = "key of the other";
    private static final ChargeRule FREE = new ChargeRule(List.of(), 0, 0, 0);
    private static final Resource RESNET = Resource.model("resnet", "", null, Map.of());
    private static final Resource SECRET = Resource.model("secret", "", null, Map.of());

    private final ManualTime time = new ManualTime();
    private final Loops loops = new Loops(1, time, new SplittableRandom(1));
    private final Upstreams upstreams = new Upstreams(loops, time);
    private final Limit limit = new Limit(Map.of("partner", rule(6)),
            Map.of("secret", new LimitRule(rule(2).rates(), 1), "resnet", rule(2)), new LimitState(time, 10));
    private final Snapshot snapshot = Snapshot.of("d",
            new Router(List.of(new ModelRoute("resnet", Map.of("", RESNET), "", List.of()),
                    new ModelRoute("secret", Map.of("", SECRET), "", List.of()))),
            new Identify(List.of(entry(KEY, "partner"), entry(OTHER_KEY, "other")), null, time,
                    FailureLimit.STANDARD, new FailedIdentifications(time, 100)),
            limit,
            new Authorize(Map.of("partner", List.of("resnet"), "other", List.of("*")), List.of(RESNET, SECRET)),
            new Inspect(Map.of("resnet", new BodyRule(10, List.of("image/png")), "secret",
                    new BodyRule(10, List.of("image/png"))), new InspectionThreads()),
            new Charge(limit, Map.of("resnet", FREE, "secret", FREE), new Accounts(time)), List.of(), upstreams);

    @AfterEach
    void close() {
        upstreams.close();
        loops.close();
    }

    @Test
    void whatIsForbiddenCannotBeToldFromWhatDoesNotExist() {
        for (int i = 0; i < 6; i++) {
            Call forbidden = call(KEY, "/secret/predict");
            Refusal refusal = refusal(forbidden);
            time.pass(Duration.ofMinutes(1));
            Call absent = call(KEY, "/nothing/predict");
            Refusal other = refusal(absent);
            time.pass(Duration.ofMinutes(1));

            assertThat(refusal.code()).isEqualTo(RefusalCode.NOT_PERMITTED);
            assertThat(ProblemBody.render(refusal, "id")).isEqualTo(ProblemBody.render(other, "id"));
            assertThat(refusal.fields()).isEqualTo(other.fields());
            assertThat(fields(forbidden)).isEqualTo(fields(absent)).hasSize(2);
            assertThat(forbidden.controls()).isEqualTo(absent.controls());
        }
    }

    @Test
    void withoutCredentialEveryPathIsAnsweredAlike() {
        Refusal existing = refusal(call(null, "/secret/predict"));

        assertThat(existing.code()).isEqualTo(RefusalCode.CREDENTIAL_MISSING);
        assertThat(refusal(call(null, "/nothing"))).isEqualTo(existing);
        assertThat(refusal(call(null, "/v1/models/resnet:predict"))).isEqualTo(existing);
    }

    @Test
    void whoMayNotCallAModelCannotUseUpItsLimits() {
        for (int i = 0; i < 100; i++) {
            walk(call(KEY, "/secret"));
        }

        assertThat(walk(call(OTHER_KEY, "/secret"))).isEqualTo(Verdict.PASS);
    }

    @Test
    void aBodyThatIsRefusedCannotUseUpAModelsLimits() {
        for (int i = 0; i < 100; i++) {
            assertThat(walk(TestingCall.to("/secret").header("x-api-key", OTHER_KEY).make(time)))
                    .isInstanceOf(Refusal.class);
        }

        assertThat(walk(call(OTHER_KEY, "/secret"))).isEqualTo(Verdict.PASS);
    }

    @Test
    void whoHammersWhatIsForbiddenIsLimited() {
        for (int i = 0; i < 6; i++) {
            assertThat(refusal(call(KEY, "/secret")).code()).isEqualTo(RefusalCode.NOT_PERMITTED);
        }

        assertThat(refusal(call(KEY, "/secret")).code()).isEqualTo(RefusalCode.RATE_LIMITED);
        assertThat(refusal(call(KEY, "/resnet")).code()).isEqualTo(RefusalCode.RATE_LIMITED);
    }

    @Test
    void eachRefusalComesFromTheFirstControlThatObjects() {
        assertThat(refusal(call("wrong", "/secret")).code()).isEqualTo(RefusalCode.CREDENTIAL_INVALID);
        assertThat(refusal(TestingCall.to("/secret").header("x-api-key", KEY).contentLength(99).make(time)).code())
                .isEqualTo(RefusalCode.NOT_PERMITTED);
        assertThat(refusal(TestingCall.to("/resnet").header("x-api-key", KEY).contentLength(99).make(time)).code())
                .isEqualTo(RefusalCode.MEDIA_TYPE_NOT_ACCEPTED);
        walk(call(KEY, "/resnet"));
        walk(call(KEY, "/resnet"));
        assertThat(refusal(call(KEY, "/resnet")).members()).containsEntry("violated-policies", List.of("model"));
    }

    private Call call(@Nullable String key, String path) {
        TestingCall call = TestingCall.to(path).header("content-type", "image/png").contentLength(5);
        return (key == null ? call : call.header("x-api-key", key)).make(time);
    }

    private Refusal refusal(Call call) {
        Verdict verdict = walk(call);
        assertThat(verdict).isInstanceOf(Refusal.class);
        return (Refusal) verdict;
    }

    private Verdict walk(Call call) {
        snapshot.router().route(call);
        for (Snapshot.Station station : snapshot.controls()) {
            call.ran(station.control().name());
            Verdict verdict = station.control().check(call);
            if (!(verdict instanceof Verdict.Pass)) {
                return verdict;
            }
        }
        return Verdict.PASS;
    }

    private static List<String> fields(Call call) {
        Headers fields = Objects.requireNonNull(call.answerFields());
        return IntStream.range(0, fields.size()).mapToObj(i -> fields.name(i) + ": " + fields.value(i)).toList();
    }

    private static LimitRule rule(int count) {
        return new LimitRule(List.of(new Rate(count, Duration.ofMinutes(1).toNanos(), count, Rate.Scope.WHOLE)), 0);
    }

    private static ApiKeyEntry entry(String key, String caller) {
        return new ApiKeyEntry(ApiKey.sha256(key), null, Caller.bearer(caller, Caller.Cohort.PARTNER));
    }
}
