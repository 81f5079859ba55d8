package dev.sallyport.gateway.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Measure;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.inspect.coding.ContentCoding;
import dev.sallyport.gateway.inspect.coding.DecodeLimits;
import dev.sallyport.gateway.inspect.coding.Encoded;
import dev.sallyport.gateway.inspect.image.PictureLimits;
import dev.sallyport.gateway.inspect.json.JsonRule;
import dev.sallyport.gateway.inspect.multipart.MultipartLimits;
import dev.sallyport.gateway.testing.TestingCall;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InspectContentTest {
    private static final Resource RESNET = Resource.model("resnet", "2", null, Map.of());
    private static final Caller CALLER = Caller.bearer("partner", Caller.Cohort.PARTNER);
    private static final InspectionThreads THREADS = new InspectionThreads();
    private static final List<String> EVERYTHING = List.of(
            "image/*", "application/json", "multipart/form-data", "application/octet-stream", "text/plain",
            "application/pdf");
    private static final byte[] PNG = Pictures.named("rgb.png");
    private static final byte[] JPEG = Pictures.named("baseline.jpg");

    @AfterAll
    static void end() {
        THREADS.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "image/png | rgb.png", "image/jpeg | progressive.jpg", "image/jpg | baseline.jpg",
        "IMAGE/GIF; x=y | palette.gif",
        "image/webp | lossy.webp", "image/bmp | rgb.bmp", "image/x-ms-bmp | rgb.bmp", "image/tiff | rgb.tif",
        "application/octet-stream | rgb.png",
    })
    void passesAPictureThatIsWhatItIsDeclaredAs(String type, String picture) {
        Call call = call(type).make();

        assertThat(inspected(call, ContentRule.DEFAULTS, Pictures.named(picture))).isEqualTo(Verdict.PASS);
        assertThat(call.measure()).isEqualTo(new Measure(1, 384, Pictures.named(picture).length));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "image/png | baseline.jpg | image/jpeg", "image/jpeg | rgb.png | image/png",
        "image/gif | lossy.webp | image/webp",
        "application/json | rgb.png | image/png", "text/plain | rgb.png | image/png",
        "application/pdf | palette.gif | image/gif",
        "image/svg+xml | rgb.png | image/png", "image/tiff | rgb.bmp | image/bmp",
    })
    void refusesAPictureThatIsDeclaredAsAnythingElse(String declared, String picture, String found) {
        Refusal refusal = refused(declared, ContentRule.DEFAULTS, Pictures.named(picture));

        assertThat(refusal.code()).isEqualTo(RefusalCode.MEDIA_TYPE_MISMATCH);
        assertThat(refusal.members()).containsEntry("part", "body").containsEntry("declared", declared)
                .containsEntry("found", found);
        assertThat(refusal.detail()).contains(declared, found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%PDF-1.7\n", "PK\u0003\u0004", "<!DOCTYPE html>", "<script>", "\u007fELF", "hello", "",
        "{\"a\":1}"})
    void refusesWhatIsNoPictureWhereOneIsDeclared(String content) {
        assertThat(refused("image/png", ContentRule.DEFAULTS, content.getBytes(UTF_8)).code())
                .isEqualTo(RefusalCode.MEDIA_TYPE_MISMATCH);
    }

    @Test
    void textMayBeginWithMarkupAndIsNoMismatch() {
        for (String text : List.of("<html> what is this tag?", "<?xml is what?", "BM", "{\"a\": 1}", "MZ", "")) {
            assertThat(inspected(call("text/plain").make(), ContentRule.DEFAULTS, text.getBytes(UTF_8))).as(text)
                    .isEqualTo(Verdict.PASS);
        }
    }

    @Test
    void bytesThatAreAPictureOrJsonAreReadAsSuch() {
        byte[] longer = Arrays.copyOf(PNG, PNG.length + 1);
        assertThat(refused("application/octet-stream", ContentRule.DEFAULTS, longer).code())
                .isEqualTo(RefusalCode.MALFORMED_CONTENT);
        assertThat(refused("application/octet-stream", ContentRule.DEFAULTS, "{\"a\":1,}".getBytes(UTF_8)).code())
                .isEqualTo(RefusalCode.MALFORMED_CONTENT);
        Call hidden = call("application/octet-stream").make();
        assertThat(inspected(hidden, ContentRule.DEFAULTS, "{\"instances\":[1,2,3]}".getBytes(UTF_8)))
                .isEqualTo(Verdict.PASS);
        assertThat(hidden.measure().instances()).isEqualTo(3);
        Refusal refusal = refused("application/octet-stream", List.of("image/png", "application/octet-stream"),
                ContentRule.DEFAULTS, JPEG);
        assertThat(refusal.code()).isEqualTo(RefusalCode.MEDIA_TYPE_MISMATCH);
    }

    @Test
    void refusesAPictureOverItsLimitsWithTheLimit() {
        Refusal pixels = refused("image/png", pictures(new PictureLimits(383, 1), false), PNG);
        assertThat(pixels.code()).isEqualTo(RefusalCode.CONTENT_TOO_LARGE);
        assertThat(pixels.members()).containsEntry("part", "body").containsEntry("limit", 383L);
        assertThat(inspected(call("image/png").make(), pictures(new PictureLimits(384, 1), false), PNG))
                .isEqualTo(Verdict.PASS);

        Refusal frames = refused("image/gif", ContentRule.DEFAULTS, Pictures.named("3-5-animated.gif"));
        assertThat(frames.code()).isEqualTo(RefusalCode.CONTENT_TOO_LARGE);
        assertThat(frames.members()).containsEntry("limit", 1L);
    }

    @Test
    void refusesAPictureThatIsCutOffOrFollowedByAnything() {
        for (byte[] broken : List.of(Arrays.copyOf(PNG, PNG.length - 1), Arrays.copyOf(PNG, PNG.length + 1),
                together(PNG, PNG),
                together(PNG, "PK\u0005\u0006".getBytes(UTF_8)))) {
            Refusal refusal = refused("image/png", ContentRule.DEFAULTS, broken);
            assertThat(refusal.code()).isEqualTo(RefusalCode.MALFORMED_CONTENT);
            assertThat(refusal.members()).containsEntry("part", "body");
        }
    }

    @Test
    void refusesPicturesThatCannotBeRead() {
        Refusal refusal = refused("image/svg+xml", ContentRule.DEFAULTS,
                "<svg xmlns='http://www.w3.org/2000/svg'/>".getBytes(UTF_8));
        assertThat(refusal.code()).isEqualTo(RefusalCode.MEDIA_TYPE_NOT_ACCEPTED);
        assertThat(refusal.fields()).containsKey("accept");
        ContentRule off = new ContentRule(null, JsonRule.DEFAULTS, MultipartRule.DEFAULTS, DecodeLimits.DEFAULTS, 10);
        assertThat(inspected(call("image/svg+xml").make(), off, "<svg/>".getBytes(UTF_8))).isEqualTo(Verdict.PASS);
    }

    @Test
    void takesMetadataOutOfABodyAndOutOfAFormAndLeavesTheRest() {
        byte[] withMetadata = Pictures.named("24-metadata.jpg");
        ContentRule strip = pictures(new PictureLimits(1_000, 1), true);

        byte[] single = rewritten(call("image/jpeg").make(), strip, withMetadata);
        assertThat(single.length).isLessThan(withMetadata.length);
        assertThat(inspected(call("image/jpeg").make(), strip, single)).isEqualTo(Verdict.PASS);

        byte[] encoded = rewritten(call("image/jpeg").header("content-encoding", "gzip").make(), strip,
                Encoded.with(ContentCoding.GZIP, withMetadata));
        assertThat(encoded).isEqualTo(single);

        String disposition = "name=\"file\"; filename=\"f\"";
        byte[] form = new FormText().field("before", "1")
                .part(disposition, "image/jpeg\r\nContent-Length: " + withMetadata.length, withMetadata)
                .file("plain", "image/png", PNG).part(disposition, "image/jpeg", withMetadata).field("after", "2")
                .end();
        byte[] expected = new FormText().field("before", "1").part(disposition, "image/jpeg", single)
                .file("plain", "image/png", PNG).part(disposition, "image/jpeg", single).field("after", "2").end();
        assertThat(rewritten(call(FormText.TYPE).make(), strip, form)).isEqualTo(expected);
    }

    @Test
    void refusesMetadataThatCannotBeTakenOutAlsoBehindAPartThatWasRewritten() {
        ContentRule strip = pictures(new PictureLimits(1_000, 1), true);
        byte[] tiff = Pictures.named("24-metadata.tif");
        assertThat(refused("image/tiff", strip, tiff).code()).isEqualTo(RefusalCode.MEDIA_TYPE_NOT_ACCEPTED);

        byte[] form = new FormText().file("a", "image/jpeg", Pictures.named("24-metadata.jpg"))
                .file("b", "image/tiff", tiff).end();
        assertThat(refused(FormText.TYPE, strip, form).members()).containsEntry("part", "part 2 'b'");
    }

    @Test
    void readsThePartsOfAFormByTheirOwnTypes() {
        Call call = call(FormText.TYPE).make();
        byte[] form = new FormText().field("options", "{\"top\": 3}").file("a", "image/png", PNG).file("b", null, JPEG)
                .file("c", "application/octet-stream", PNG)
                .part("name=\"d\"", "application/json", "{\"instances\":[1,2]}".getBytes(UTF_8))
                .file("e", "application/json", "{}".getBytes(UTF_8)).end();

        assertThat(inspected(call, ContentRule.DEFAULTS, form)).isEqualTo(Verdict.PASS);
        assertThat(call.measure()).isEqualTo(new Measure(6, 3 * 384, form.length));
    }

    @Test
    void namesThePartThatIsAtFault() {
        record Case(FormText form, RefusalCode code, String part) {}
        byte[] two = together(PNG, PNG);
        for (Case each : List.of(
                new Case(new FormText().field("x", "1").file("file", "image/png", JPEG),
                        RefusalCode.MEDIA_TYPE_MISMATCH, "part 2 'file'"),
                new Case(new FormText().file("file", "image/png", two), RefusalCode.MALFORMED_CONTENT, "part 1 'file'"),
                new Case(new FormText().file("file", null, two), RefusalCode.MALFORMED_CONTENT, "part 1 'file'"),
                new Case(new FormText().file("file", "video/mp4", PNG), RefusalCode.MEDIA_TYPE_NOT_ACCEPTED,
                        "part 1 'file'"),
                new Case(new FormText().file("file", null, "PK\u0003\u0004".getBytes(UTF_8)),
                        RefusalCode.MEDIA_TYPE_NOT_ACCEPTED, "part 1 'file'"),
                new Case(new FormText().field("file", "GIF89a"), RefusalCode.MEDIA_TYPE_MISMATCH, "part 1 'file'"),
                new Case(new FormText().field("file", "a\0b"), RefusalCode.MEDIA_TYPE_MISMATCH, "part 1 'file'"),
                new Case(new FormText().part("name=\"j\"", "application/json", "{\"a\":1,\"a\":2}".getBytes(UTF_8)),
                        RefusalCode.MALFORMED_CONTENT, "part 1 'j'"),
                new Case(new FormText().text("--b\r\n\r\n\r\n"), RefusalCode.MALFORMED_CONTENT, "part 1"),
                new Case(new FormText().text("x"), RefusalCode.MALFORMED_CONTENT, "body"))) {
            Refusal refusal = refused(FormText.TYPE, ContentRule.DEFAULTS, each.form().end());
            assertThat(refusal.code()).as(refusal.detail()).isEqualTo(each.code());
            assertThat(refusal.members()).as(refusal.detail()).containsEntry("part", each.part());
        }
    }

    @Test
    void holdsTheFieldsThePartsAndTheInstancesOfAForm() {
        ContentRule rule = new ContentRule(PictureRule.DEFAULTS, JsonRule.DEFAULTS,
                new MultipartRule(MultipartLimits.DEFAULTS.withParts(3), Set.of("file", "n")), DecodeLimits.DEFAULTS,
                2);
        FormText two = new FormText().field("n", "1").file("file", "image/png", PNG).file("file", "image/png", PNG);
        assertThat(inspected(call(FormText.TYPE).make(), rule, two.end())).isEqualTo(Verdict.PASS);

        Refusal name = refused(FormText.TYPE, rule, new FormText().field("m", "1").end());
        assertThat(name.code()).isEqualTo(RefusalCode.MALFORMED_CONTENT);
        assertThat(name.members()).containsEntry("part", "part 1 'm'");

        Refusal instances = refused(FormText.TYPE, rule,
                new FormText().file("file", "image/png", PNG).file("file", "image/png", PNG)
                        .file("file", "image/png", PNG).end());
        assertThat(instances.code()).isEqualTo(RefusalCode.TOO_MANY_INSTANCES);
        assertThat(instances.members()).containsEntry("limit", 2L);

        Refusal parts = refused(FormText.TYPE, rule,
                new FormText().field("n", "1").field("n", "1").field("n", "1").field("n", "1").end());
        assertThat(parts.code()).isEqualTo(RefusalCode.CONTENT_TOO_LARGE);
        assertThat(parts.members()).containsEntry("limit", 3L).containsEntry("part", "body");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "multipart/mixed; boundary=b", "multipart/form-data", "multipart/form-data; boundary=b; boundary=c",
        "application/json; charset=utf-16", "image/png; x", "image/png; x=1; x=2",
    })
    void refusesATypeThatCannotBeReadBeforeTheBodyComes(String type) {
        List<String> accepts = List.of("image/png", "application/json", "multipart/*");

        assertThat(inspect(accepts, ContentRule.DEFAULTS).check(call(type).make())).isInstanceOf(Refusal.class);
    }

    @Test
    void refusesACodingThatCannotBeUndoneBeforeTheBodyComes() {
        for (String coding : List.of("compress", "gzip, gzip, gzip", "aws-chunked", "")) {
            Call call = call("image/png").header("content-encoding", coding).make();
            Refusal refusal = (Refusal) inspect(EVERYTHING, ContentRule.DEFAULTS).check(call);
            assertThat(refusal.code()).isEqualTo(RefusalCode.CONTENT_CODING_NOT_ACCEPTED);
            assertThat(refusal.fields()).containsEntry("accept-encoding", "zstd, br, gzip, deflate");
        }
        Call unread = call("text/csv").header("content-encoding", "compress").make();
        assertThat(inspect(List.of("text/csv"), ContentRule.DEFAULTS).check(unread)).isEqualTo(Verdict.PASS);
    }

    @Test
    void looksThroughEveryCodingAndForwardsWhatCame() {
        for (ContentCoding coding : ContentCoding.values()) {
            Call call = call("image/png").header("content-encoding", coding.token()).make();
            assertThat(inspected(call, ContentRule.DEFAULTS, Encoded.with(coding, PNG))).isEqualTo(Verdict.PASS);
            assertThat(call.measure()).isEqualTo(new Measure(1, 384, PNG.length));

            Refusal hidden = (Refusal) inspected(call("image/png").header("content-encoding", coding.token()).make(),
                    ContentRule.DEFAULTS, Encoded.with(coding, together(PNG, PNG)));
            assertThat(hidden.code()).isEqualTo(RefusalCode.MALFORMED_CONTENT);

            Refusal plain = (Refusal) inspected(call("image/png").header("content-encoding", coding.token()).make(),
                    ContentRule.DEFAULTS, PNG);
            assertThat(plain.code()).isEqualTo(RefusalCode.MALFORMED_CONTENT);
            assertThat(plain.detail()).contains(coding.token());
        }
    }

    @Test
    void refusesABombWithTheLimitThatItPassed() {
        ContentRule rule = new ContentRule(null, JsonRule.DEFAULTS, null, new DecodeLimits(1_000_000, 2_000_000), 1);
        byte[] bomb = Encoded.with(ContentCoding.GZIP, new byte[50_000_000]);

        Refusal refusal =
                (Refusal) inspected(call("application/json").header("content-encoding", "gzip").make(), rule, bomb);

        assertThat(refusal.code()).isEqualTo(RefusalCode.CONTENT_TOO_LARGE);
        assertThat(refusal.members()).containsEntry("part", "body").containsEntry("limit", 2_000_000L);
    }

    @Test
    void findsTheFaultInJsonByItsPointer() {
        Refusal refusal =
                refused("application/json", ContentRule.DEFAULTS, "{\"a\":[1,{\"b\":2,\"b\":3}]}".getBytes(UTF_8));

        assertThat(refusal.code()).isEqualTo(RefusalCode.MALFORMED_CONTENT);
        assertThat(refusal.members()).containsEntry("part", "body").containsEntry("pointer", "/a/1/b");

        Refusal deep = refused("application/json", ContentRule.DEFAULTS, "[".repeat(65).getBytes(UTF_8));
        assertThat(deep.code()).isEqualTo(RefusalCode.CONTENT_TOO_LARGE);
        assertThat(deep.members()).containsEntry("limit", 64L);
    }

    @Test
    void aPromptOfAMegabytePassesOnAnotherThread() {
        Call call = call("application/json").make();
        byte[] prompt = ("{\"prompt\":\"" + "word ".repeat(200_000) + "\"}").getBytes(UTF_8);

        Verdict first = inspect(EVERYTHING, ContentRule.DEFAULTS).whole(call, Unpooled.wrappedBuffer(prompt));

        assertThat(first).isInstanceOf(Verdict.Later.class);
        assertThat(call.measure()).isEqualTo(Measure.ONE);
        assertThat(arrived(first)).isEqualTo(Verdict.PASS);
        assertThat(call.measure().bytes()).isEqualTo(prompt.length);
    }

    @Test
    void refusesWhenTooMuchWaitsToBeLookedAt() {
        try (InspectionThreads none = new InspectionThreads(1)) {
            none.close();
            Inspect inspect = new Inspect(Map.of(RESNET.id(), new BodyRule(10 << 20, EVERYTHING)), none);
            ByteBuf body = Unpooled.wrappedBuffer(new byte[1 << 20]);

            Refusal refusal = (Refusal) inspect.whole(call("application/json").make(), body);

            assertThat(refusal.code()).isEqualTo(RefusalCode.OVERLOADED);
            assertThat(body.refCnt()).isEqualTo(1);
        }
    }

    @Test
    void whatNothingReadsStreams() {
        assertThat(need(List.of(), "image/png")).isEqualTo(BodyNeed.CHUNKS);
        assertThat(need(List.of("text/csv", "audio/*"), "text/csv")).isEqualTo(BodyNeed.CHUNKS);
        assertThat(need(List.of("application/grpc", "image/png"), "application/grpc")).isEqualTo(BodyNeed.CHUNKS);
        assertThat(need(List.of("text/csv", "image/png"), "text/csv")).isInstanceOf(BodyNeed.Whole.class);
        assertThat(need(List.of("*/*"), "image/png")).isInstanceOf(BodyNeed.Whole.class);
        assertThat(need(List.of("application/*"), "application/json")).isInstanceOf(BodyNeed.Whole.class);
    }

    @Test
    void aPictureIsNoMessageOfGrpcWhateverItSays() {
        Inspect inspect = inspect(List.of("application/grpc", "image/png"), ContentRule.DEFAULTS);
        Call call = call("application/grpc+proto").make();
        call.received(PNG.length);

        Refusal refusal = (Refusal) inspect.chunk(call, Unpooled.wrappedBuffer(PNG));

        assertThat(refusal.code()).isEqualTo(RefusalCode.MEDIA_TYPE_MISMATCH);
        Call message = call("application/grpc").make();
        message.received(5);
        assertThat(inspect.chunk(message, Unpooled.wrappedBuffer(new byte[5]))).isEqualTo(Verdict.PASS);
        message.received(PNG.length);
        assertThat(inspect.chunk(message, Unpooled.wrappedBuffer(PNG))).isEqualTo(Verdict.PASS);
        assertThat(need(List.of("*/*"), "application/grpcs")).isInstanceOf(BodyNeed.Whole.class);
    }

    @Test
    void readsNoMoreJsonThanTheHeapCanTake() {
        ContentRule rule = new ContentRule(null, JsonRule.DEFAULTS, null, new DecodeLimits(100_000, 1 << 30), 1);
        byte[] blanks = new byte[(64 << 20) + 1];
        Arrays.fill(blanks, (byte) ' ');

        Refusal refusal = (Refusal) inspected(call("application/json").header("content-encoding", "gzip").make(), rule,
                Encoded.with(ContentCoding.GZIP, blanks));

        assertThat(refusal.code()).isEqualTo(RefusalCode.CONTENT_TOO_LARGE);
        assertThat(refusal.members()).containsEntry("limit", 64L << 20);
    }

    @Test
    void mutatedBodiesNeverThrowAndLeakNothing() {
        SplittableRandom random = new SplittableRandom(5);
        byte[] form = new FormText().field("n", "1").file("a", "image/jpeg", Pictures.named("24-metadata.jpg"))
                .file("b", "application/json", "{\"instances\":[[1,2],[3,4]]}".getBytes(UTF_8)).end();
        byte[] encoded = Encoded.with(ContentCoding.GZIP, form);
        ContentRule strip = pictures(new PictureLimits(1_000, 1), true);
        Inspect inspect = inspect(EVERYTHING, strip);
        int passed = 0;
        for (int round = 0; round < 20_000; round++) {
            boolean coded = round % 4 == 0;
            byte[] bytes = (coded ? encoded : form).clone();
            for (int flips = random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Call call = (coded ? call(FormText.TYPE).header("content-encoding", "gzip") : call(FormText.TYPE)).make();

            Verdict verdict = arrived(inspect.whole(call, pieces(bytes, random)));

            if (verdict instanceof Verdict.Rewrite(ByteBuf body)) {
                body.release();
                passed++;
            }
        }
        assertThat(passed).isBetween(1, 19_999);
    }

    private static ByteBuf pieces(byte[] bytes, SplittableRandom random) {
        int cut = random.nextInt(bytes.length);
        return random.nextBoolean() ? Unpooled.wrappedBuffer(bytes)
                : Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(bytes, 0, cut),
                        Unpooled.wrappedBuffer(bytes, cut, bytes.length - cut));
    }

    private static ContentRule pictures(PictureLimits limits, boolean strip) {
        return new ContentRule(new PictureRule(limits, strip), JsonRule.DEFAULTS, MultipartRule.DEFAULTS,
                DecodeLimits.DEFAULTS, 10);
    }

    private static BodyNeed need(List<String> accepts, String type) {
        return inspect(accepts, ContentRule.DEFAULTS).body(call(type).make());
    }

    private static TestingCall call(String type) {
        return TestingCall.of(CALLER, RESNET).header("content-type", type);
    }

    private static Inspect inspect(List<String> accepts, ContentRule rule) {
        return new Inspect(Map.of(RESNET.id(), new BodyRule(10 << 20, accepts, rule)), THREADS);
    }

    private static Refusal refused(String type, ContentRule rule, byte[] body) {
        return refused(type, EVERYTHING, rule, body);
    }

    private static Refusal refused(String type, List<String> accepts, ContentRule rule, byte[] body) {
        return (Refusal) inspected(call(type).make(), accepts, rule, body);
    }

    private static byte[] rewritten(Call call, ContentRule rule, byte[] body) {
        ByteBuf rewritten = ((Verdict.Rewrite) inspected(call, rule, body)).body();
        byte[] bytes = ByteBufUtil.getBytes(rewritten);
        rewritten.release();
        return bytes;
    }

    private static Verdict inspected(Call call, ContentRule rule, byte[] body) {
        return inspected(call, EVERYTHING, rule, body);
    }

    /** What the control makes of a call as the path asks it, with the body in two pieces of memory that is counted. */
    private static Verdict inspected(Call call, List<String> accepts, ContentRule rule, byte[] body) {
        Inspect inspect = inspect(accepts, rule);
        assertThat(inspect.check(call)).isEqualTo(Verdict.PASS);
        assertThat(inspect.body(call)).isInstanceOf(BodyNeed.Whole.class);
        CompositeByteBuf whole = Unpooled.compositeBuffer();
        whole.addComponent(true, PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(body, 0, body.length / 2));
        whole.addComponent(true, PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(body, body.length / 2,
                body.length - body.length / 2));
        try {
            return arrived(inspect.whole(call, whole));
        } finally {
            assertThat(whole.readableBytes()).isEqualTo(body.length);
            whole.release();
        }
    }

    private static Verdict arrived(Verdict verdict) {
        if (!(verdict instanceof Verdict.Later later)) {
            return verdict;
        }
        Verdict outcome = later.outcome().toCompletableFuture().join();
        later.arrival().run();
        return outcome;
    }

    private static byte[] together(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
