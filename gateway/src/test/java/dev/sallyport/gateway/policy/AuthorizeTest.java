package dev.sallyport.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.Action;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.ProblemBody;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.testing.TestingCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuthorizeTest {
    private static final Resource RESNET_1 = model("resnet", "1");
    private static final Resource RESNET_2 = model("resnet", "2");
    private static final Resource RESNET_21 = model("resnet", "2.1");
    private static final Resource RESNET50 = model("resnet50", "2");
    private static final Resource OCR_EN = model("ocr-en", "");
    private static final Resource OCR_DE = model("ocr-de", "1");
    private static final List<Resource> ALL = List.of(RESNET_2, RESNET_1, RESNET_21, RESNET50, OCR_EN, OCR_DE);
    private static final Caller CALLER = Caller.bearer("partner", Caller.Cohort.PARTNER);

    @ParameterizedTest
    @CsvSource({
        "resnet, resnet@1 resnet@2 resnet@2.1",
        "resnet@2, resnet@2",
        "resnet@2*, resnet@2 resnet@2.1",
        "resnet@*, resnet@1 resnet@2 resnet@2.1",
        "resnet*, resnet@1 resnet@2 resnet@2.1 resnet50@2",
        "resnet*@2, resnet@2 resnet50@2",
        "*@2, resnet@2 resnet50@2",
        "ocr-*, ocr-en ocr-de@1",
        "*-en, ocr-en",
        "*e*n*t*, resnet@1 resnet@2 resnet@2.1 resnet50@2",
        "*, resnet@1 resnet@2 resnet@2.1 resnet50@2 ocr-en ocr-de@1",
        "*@*, resnet@1 resnet@2 resnet@2.1 resnet50@2 ocr-de@1",
        "**, resnet@1 resnet@2 resnet@2.1 resnet50@2 ocr-en ocr-de@1",
        "resne, ''",
        "Resnet, ''",
        "resnet@, ''",
        "resnet@3, ''",
        "ocr-en@, ''",
        "ocr-en@1, ''",
        "?cr-en, ''",
        "resnet.*0, ''",
        "'', ''",
        "@, ''",
        "@2, ''",
    })
    void anEntryGrantsExactlyWhatItSays(String entry, String granted) {
        Authorize authorize = new Authorize(Map.of("partner", List.of(entry)), ALL);

        List<String> passed = ALL.stream().filter(resource -> passes(authorize, resource)).map(Resource::id).toList();

        assertThat(passed).containsExactlyInAnyOrder(granted.isEmpty() ? new String[0] : granted.split(" "));
    }

    @Test
    void grantsTheSumOfAllEntries() {
        Authorize authorize = new Authorize(Map.of("partner", List.of("resnet@1", "ocr-*", "resnet@1")), ALL);

        assertThat(ALL.stream().filter(resource -> passes(authorize, resource))).containsExactlyInAnyOrder(RESNET_1,
                OCR_EN, OCR_DE);
    }

    @Test
    void whoIsNotListedMayNothing() {
        Authorize authorize = new Authorize(Map.of("somebody", List.of("*")), ALL);

        assertThat(refusal(authorize, RESNET_1)).satisfies(refusal -> {
            assertThat(refusal.code()).isEqualTo(RefusalCode.NOT_PERMITTED);
            assertThat(refusal.detail()).contains("nothing");
            assertThat(refusal.members()).containsEntry("may", List.of());
        });
    }

    @Test
    void anEmptyListGrantsNothing() {
        Authorize authorize = new Authorize(Map.of("partner", List.of()), ALL);

        assertThat(ALL).noneMatch(resource -> passes(authorize, resource));
    }

    @Test
    void aResourceThatDoesNotExistIsNotPermittedEvenToWhoMayEverything() {
        Authorize authorize = new Authorize(Map.of("partner", List.of("*")), ALL);

        assertThat(refusal(authorize, null).code()).isEqualTo(RefusalCode.NOT_PERMITTED);
        assertThat(passes(authorize, model("resnet", "9"))).isFalse();
    }

    @Test
    void onlyInvokingIsGranted() {
        Authorize authorize = new Authorize(Map.of("partner", List.of("*")), ALL);
        for (Action action : Action.values()) {
            Call call = TestingCall.of(CALLER, RESNET_1).make();
            call.routed(RESNET_1, action, "/");
            assertThat(authorize.check(call) instanceof Verdict.Pass).isEqualTo(action == Action.INVOKE);
        }
    }

    @Test
    void whatIsForbiddenAndWhatDoesNotExistAreAnsweredAlikeByteForByte() {
        Authorize authorize = new Authorize(Map.of("partner", List.of("resnet@2", "ocr-*")), ALL);

        byte[] forbidden = ProblemBody.render(refusal(authorize, RESNET50), "id");
        byte[] absent = ProblemBody.render(refusal(authorize, null), "id");

        assertThat(forbidden).isEqualTo(absent);
        assertThat(refusal(authorize, RESNET50).fields()).isEqualTo(refusal(authorize, null).fields());
    }

    @Test
    void aRefusalNamesWhatTheCallerMayCallSortedAndInTheShortestForm() {
        Authorize authorize =
                new Authorize(Map.of("partner", List.of("resnet@2*", "ocr-*", "resnet50@2", "gone", "gone@1")), ALL);

        assertThat(refusal(authorize, RESNET_1).members())
                .containsEntry("may", List.of("ocr-de", "ocr-en", "resnet@2", "resnet@2.1", "resnet50"));
    }

    @Test
    void aRefusalNamesABoundedNumber() {
        List<Resource> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(model("m" + (1_000 + i), ""));
        }
        Authorize authorize = new Authorize(Map.of("partner", List.of("*")), many);

        assertThat(refusal(authorize, null)).satisfies(refusal -> {
            assertThat(refusal.detail()).contains("200").contains("50");
            assertThat(refusal.members().get("may")).asInstanceOf(Assertions.LIST)
                    .hasSize(50).startsWith("m1000", "m1001").endsWith("m1049");
        });
    }

    @Test
    void aNullCallerIsAnErrorAndNotAPass() {
        Authorize authorize = new Authorize(Map.of(), ALL);

        assertThatThrownBy(() -> authorize.check(TestingCall.to("/resnet").make()))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void aPatternOfManyStarsIsNoTrap() {
        String name = "a".repeat(64);
        Authorize authorize =
                new Authorize(Map.of("partner", List.of("*a".repeat(31) + "*b")), List.of(model(name, "")));

        assertThat(passes(authorize, model(name, ""))).isFalse();
    }

    @Test
    void callersWithEqualListsShareWhatIsCompiledFromThem() {
        List<Resource> many = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            many.add(model("m" + i, "1"));
        }
        Map<String, List<String>> may = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            may.put("caller-" + i, List.of("m*", "x"));
        }

        // Unshared, this would be 200 million entries, and the test would end for want of memory.
        Authorize authorize = new Authorize(may, many);

        Call call = TestingCall.of(Caller.bearer("caller-99999", Caller.Cohort.PARTNER), many.get(1_999)).make();
        assertThat(authorize.check(call)).isEqualTo(Verdict.PASS);
    }

    private static boolean passes(Authorize authorize, Resource resource) {
        return authorize.check(TestingCall.of(CALLER, resource).make()) instanceof Verdict.Pass;
    }

    private static Refusal refusal(Authorize authorize, @Nullable Resource resource) {
        return (Refusal) authorize.check(TestingCall.of(CALLER, resource).make());
    }

    private static Resource model(String name, String version) {
        return Resource.model(name, version, null, Map.of());
    }
}
