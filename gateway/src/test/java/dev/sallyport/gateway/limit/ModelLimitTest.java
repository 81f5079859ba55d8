package dev.sallyport.gateway.limit;

import static dev.sallyport.gateway.limit.TestingLimits.APP;
import static dev.sallyport.gateway.limit.TestingLimits.OCR;
import static dev.sallyport.gateway.limit.TestingLimits.PARTNER;
import static dev.sallyport.gateway.limit.TestingLimits.PER_MINUTE;
import static dev.sallyport.gateway.limit.TestingLimits.PER_SECOND;
import static dev.sallyport.gateway.limit.TestingLimits.RESNET;
import static dev.sallyport.gateway.limit.TestingLimits.fields;
import static dev.sallyport.gateway.limit.TestingLimits.rate;
import static dev.sallyport.gateway.limit.TestingLimits.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a model is promised of its limits, and who may use them up. */
final class ModelLimitTest {
    private final TestingLimits limits = new TestingLimits();

    @Test
    void aModelIsLimitedForAllCallersTogether() {
        Control models = limits.ofModels(Map.of("resnet@2", rule(rate(3, Duration.ofMinutes(1), 3)))).ofModels();

        assertThat(models.check(limits.call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
        assertThat(models.check(limits.call(APP, RESNET))).isEqualTo(Verdict.PASS);
        assertThat(models.check(limits.call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);

        assertThat(((Refusal) models.check(limits.call(APP, RESNET))).members()).containsEntry("violated-policies",
                List.of("model"));
        assertThat(models.check(limits.call(APP, OCR))).isEqualTo(Verdict.PASS);
    }

    @Test
    void theLimitsOfAModelAreNotLookedAtBeforeAuthorization() {
        Limit limit = limits.ofModels(Map.of("resnet@2", new LimitRule(List.of(rate(1, Duration.ofMinutes(1), 1)), 1)));
        for (int i = 0; i < 10; i++) {
            Call call = limits.call(PARTNER, RESNET);
            assertThat(limit.check(call)).isEqualTo(Verdict.PASS);
            assertThat(call.answerFields()).isNull();
        }

        assertThat(limit.ofModels().check(limits.call(PARTNER, RESNET))).isEqualTo(Verdict.PASS);
    }

    @Test
    void aCallThatTheModelRefusesIsNotCountedAgainstItsCaller() {
        Limit limit = new Limit(Map.of("partner", rule(rate(100, Duration.ofDays(1), 100))),
                Map.of("resnet@2", rule(rate(1, Duration.ofMinutes(1), 1))), limits.state());
        for (int i = 0; i < 1_000; i++) {
            Call call = limits.call(PARTNER, RESNET);
            assertThat(limit.check(call)).isEqualTo(Verdict.PASS);
            limit.ofModels().check(call);
        }

        assertThat(limits.fields(limit, PARTNER)).endsWith("\"caller\";r=98;t=864");
    }

    @Test
    void callerAndModelStateTheirLimitsSideBySide() {
        Limit limit =
                new Limit(Map.of("partner", rule(PER_MINUTE)), Map.of("resnet@2", rule(PER_SECOND)), limits.state());
        Call call = limits.call(PARTNER, RESNET);
        limit.check(call);
        limit.ofModels().check(call);

        Headers fields = Objects.requireNonNull(call.answerFields());

        assertThat(fields.all("ratelimit-policy")).containsExactly("\"caller\";q=60;w=60", "\"model\";q=20;w=2");
        assertThat(fields.all("ratelimit")).containsExactly("\"caller\";r=59;t=1", "\"model\";r=19;t=1");
    }
}
