package dev.sallyport.gateway.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.testing.TestingCall;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InspectTest {
    private static final Resource RESNET = Resource.model("resnet", "2", null, Map.of());
    private static final Caller CALLER = Caller.bearer("partner", Caller.Cohort.PARTNER);
    private static final int BYTES_MAX = 1_000;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "image/png | image/png",
        "image/png | IMAGE/PNG",
        "image/png | image/png; charset=x",
        "image/png | image/png;charset=\"a/b, c\"",
        "image/png | image/png \t; q=1",
        "image/* | image/png",
        "image/* | Image/svg+xml; x=\"a/b\"",
        "text/plain image/jpeg | image/jpeg",
        "*/* | application/octet-stream",
        "application/grpc | application/grpc",
        "application/grpc | application/grpc+proto",
        "application/grpc | application/grpc+json; x=1",
        "application/grpc+proto | application/grpc+proto",
    })
    void passesAnAcceptedType(String accepts, String type) {
        assertThat(check(accepts, TestingCall.of(CALLER, RESNET).header("content-type", type))).isEqualTo(Verdict.PASS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "image/png | image/jpeg",
        "image/png | image/pn",
        "image/png | image/pngx",
        "image/png | image/png+xml",
        "image/png | image/*",
        "image/png | image",
        "image/png | ''",
        "image/png | ; image/png",
        "image/png | text/html, image/png",
        "image/png | image/png, text/html",
        "image/png | application/x; image/png",
        "image/* | image/",
        "image/* | image/ ;x",
        "image/* | imagex/png",
        "image/* | image/png, text/html",
        "image/* | image/png,text",
        "image/* | image/a b",
        "image/* | text/html; a=image/png",
        "*/* | html",
        "*/* | /html",
        "*/* | text/",
        "*/* | text/html, text/plain",
        "application/grpc | application/grpc-web",
        "application/grpc | application/grpc+",
        "application/json | application/grpc+json",
    })
    void refusesAnyOther(String accepts, String type) {
        Refusal refusal = (Refusal) check(accepts,
                TestingCall.of(CALLER, RESNET).header("content-type", type.equals("''") ? "" : type));

        assertThat(refusal.code()).isEqualTo(RefusalCode.MEDIA_TYPE_NOT_ACCEPTED);
        assertThat(refusal.members()).containsEntry("accepts", List.of(accepts.split(" ")));
        assertThat(refusal.fields()).containsEntry("accept", accepts.replace(" ", ", "));
    }

    @Test
    void refusesABodyWithoutTypeOrWithTwo() {
        assertThat(check("image/png", TestingCall.of(CALLER, RESNET))).isInstanceOf(Refusal.class);
        assertThat(check("image/png", TestingCall.of(CALLER, RESNET).contentLength(1))).isInstanceOf(Refusal.class);
        assertThat(check("image/png", TestingCall.of(CALLER, RESNET)
                .header("content-type", "image/png").header("content-type", "image/png"))).isInstanceOf(Refusal.class);
    }

    @Test
    void withoutAcceptedTypesAnyPasses() {
        assertThat(check("", TestingCall.of(CALLER, RESNET))).isEqualTo(Verdict.PASS);
        assertThat(check("", TestingCall.of(CALLER, RESNET).header("content-type", "nonsense")))
                .isEqualTo(Verdict.PASS);
    }

    @Test
    void withoutBodyNeitherTypeNorLengthMatters() {
        Inspect inspect = inspect("image/png");
        Call call = TestingCall.of(CALLER, RESNET).method("GET").contentLength(0).header("content-type", "text/html")
                .make();

        assertThat(inspect.check(call)).isEqualTo(Verdict.PASS);
        assertThat(inspect.body(call)).isEqualTo(BodyNeed.NOTHING);
    }

    @Test
    void aMethodDoesNotExcuseABody() {
        for (String method : List.of("GET", "HEAD", "DELETE", "OPTIONS", "FOO")) {
            assertThat(check("image/png", TestingCall.of(CALLER, RESNET).method(method).contentLength(5)))
                    .isInstanceOf(Refusal.class);
        }
    }

    @Test
    void refusesADeclaredLengthAtOnceWhenItIsOnePastTheLimit() {
        assertThat(check("", TestingCall.of(CALLER, RESNET).contentLength(BYTES_MAX))).isEqualTo(Verdict.PASS);

        Refusal refusal = (Refusal) check("", TestingCall.of(CALLER, RESNET).contentLength(BYTES_MAX + 1));

        assertThat(refusal.code()).isEqualTo(RefusalCode.BODY_TOO_LARGE);
        assertThat(refusal.members()).containsEntry("limit", 1_000L);
        assertThat(check("", TestingCall.of(CALLER, RESNET).contentLength(Long.MAX_VALUE))).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000, 1_001})
    void refusesAStreamAtTheFirstByteBeyondTheLimit(int chunkBytes) {
        Inspect inspect = inspect("");
        Call call = TestingCall.of(CALLER, RESNET).make();
        assertThat(inspect.check(call)).isEqualTo(Verdict.PASS);
        assertThat(inspect.body(call)).isEqualTo(BodyNeed.CHUNKS);
        ByteBuf chunk = Unpooled.wrappedBuffer(new byte[chunkBytes]);

        for (int sent = chunkBytes; sent <= BYTES_MAX; sent += chunkBytes) {
            call.received(chunkBytes);
            assertThat(inspect.chunk(call, chunk)).isEqualTo(Verdict.PASS);
        }
        call.received(chunkBytes);

        assertThat(inspect.chunk(call, chunk)).isInstanceOfSatisfying(Refusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(RefusalCode.BODY_TOO_LARGE));
        assertThat(chunk.readableBytes()).isEqualTo(chunkBytes);
    }

    @Test
    void countsADeclaredBodyToo() {
        Inspect inspect = inspect("");
        Call call = TestingCall.of(CALLER, RESNET).contentLength(10).make();

        assertThat(inspect.body(call)).isEqualTo(BodyNeed.CHUNKS);
    }

    @Test
    void aLimitOfZeroPassesNoByte() {
        Inspect inspect = new Inspect(Map.of(RESNET.id(), new BodyRule(0, List.of())), new InspectionThreads());
        Call call = TestingCall.of(CALLER, RESNET).contentLength(RequestHead.UNKNOWN_LENGTH).make();
        assertThat(inspect.check(call)).isEqualTo(Verdict.PASS);

        call.received(1);

        assertThat(inspect.chunk(call, Unpooled.wrappedBuffer(new byte[1]))).isInstanceOf(Refusal.class);
    }

    @Test
    void theBytesOfATunnelAreNoBody() {
        Inspect inspect = inspect("image/png");
        Call call = TestingCall.of(CALLER, RESNET).method("GET").upgrade("websocket").make();

        assertThat(inspect.check(call)).isEqualTo(Verdict.PASS);
        assertThat(inspect.body(call)).isEqualTo(BodyNeed.NOTHING);
    }

    @Test
    void aResourceWithoutRuleIsAnErrorAndNotAPass() {
        Inspect inspect = new Inspect(Map.of(), new InspectionThreads());

        assertThatThrownBy(() -> inspect.check(TestingCall.of(CALLER, RESNET).make())).hasMessageContaining("rule");
    }

    private static Verdict check(String accepts, TestingCall call) {
        return inspect(accepts).check(call.make());
    }

    private static Inspect inspect(String accepts) {
        List<String> types = accepts.isEmpty() ? List.of() : List.of(accepts.split(" "));
        return new Inspect(Map.of(RESNET.id(), new BodyRule(BYTES_MAX, types)), new InspectionThreads());
    }
}
