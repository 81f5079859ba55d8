package dev.sallyport.gateway.inspect.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.inspect.MediaRanges;
import dev.sallyport.gateway.inspect.json.Reveal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EventRewriterTest {
    private static final Reveal REVEAL = new Reveal(false, 0, 1, List.of(), List.of());
    private static final String STREAM = "\ufeff: hidden 0.123\nevent: a\r\ndata: {\"score\":\ndata: 0.123}\n\n\n"
            + "id: 1\nunknown: 0.123\ndata:{\"score\":0.456}\r\n\r\nretry: 5\n\ndata: [DONE]\n\ndata: {\"a\":1}";
    private static final String EXPECTED = ":\nevent: a\ndata: {\"score\":\ndata: 0.1}\n\n\n"
            + "id: 1\ndata: {\"score\":0.5}\n\nretry: 5\n\ndata: [DONE]\n\ndata: {\"a\":1}\n\n";

    @Test
    void rewritesEventsHoweverTheBytesAreCut() {
        byte[] bytes = STREAM.getBytes(UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(run(true, 1_000, slice(bytes, 0, cut), slice(bytes, cut, bytes.length))).isEqualTo(EXPECTED);
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 200; round++) {
            EventRewriter rewriter = rewriter(true, 1_000, false);
            StringBuilder out = new StringBuilder();
            for (int from = 0; from < bytes.length;) {
                int to = Math.min(bytes.length, from + 1 + random.nextInt(9));
                out.append(text(rewriter.chunk(Unpooled.copiedBuffer(slice(bytes, from, to)))));
                from = to;
            }
            out.append(text(rewriter.end(new Headers(0))));
            rewriter.close();
            assertThat(out).hasToString(EXPECTED);
        }
    }

    @Test
    void anEventPassesAsSoonAsItIsComplete() {
        EventRewriter rewriter = rewriter(true, 1_000, false);

        assertThat(text(rewriter.chunk(bytes("data: {\"score\":0.456}\n")))).isEmpty();
        assertThat(text(rewriter.chunk(bytes("\n")))).isEqualTo("data: {\"score\":0.5}\n\n");
        rewriter.close();
    }

    @Test
    void refusesWhatItCannotReadOrPassesItAsConfigured() {
        EventRewriter strict = rewriter(true, 1_000, false);
        EventRewriter lenient = rewriter(true, 1_000, true);

        assertThat(strict.chunk(bytes("data: 0.456%\n\n"))).isInstanceOf(Refusal.class);
        assertThat(text(lenient.chunk(bytes("data: 0.456%\n\n")))).isEqualTo("data: 0.456%\n\n");
        strict.close();
        lenient.close();
    }

    @Test
    void whatEndsInTheMiddleOfAnEventIsReadAsWell() {
        assertThat(run(true, 1_000, "data: {\"score\":0.456}".getBytes(UTF_8))).isEqualTo("data: {\"score\":0.5}\n\n");
        assertThat(run(true, 1_000, "data: {\"score\":0.45".getBytes(UTF_8))).isNull();
        assertThat(run(false, 1_000, "{\"score\":0.456}".getBytes(UTF_8))).isEqualTo("{\"score\":0.5}\n");
    }

    @Test
    void holdsNoMoreThanOneEventOfBoundedLength() {
        EventRewriter rewriter = rewriter(true, 100L << 20, true);
        String mebibyte = "x".repeat(1 << 20);

        assertThat(text(rewriter.chunk(bytes("data: " + mebibyte.substring(10))))).isEmpty();
        assertThat(rewriter.chunk(bytes(mebibyte))).isInstanceOf(Refusal.class);
        rewriter.close();
        EventRewriter manyLines = rewriter(true, 100L << 20, true);
        AnswerStep step = new AnswerStep.Go(Unpooled.EMPTY_BUFFER);
        for (int i = 0; i < 2_000 && step instanceof AnswerStep.Go(ByteBuf passed); i++) {
            passed.release();
            step = manyLines.chunk(bytes("data: " + mebibyte.substring(0, 1_000) + "\n"));
        }
        assertThat(step).isInstanceOf(Refusal.class);
        manyLines.close();
    }

    @Test
    void countsWhatComesAgainstTheLimitOfTheAnswer() {
        assertThat(run(false, 4, "1.25".getBytes(UTF_8))).isEqualTo("1.2\n");
        assertThat(run(false, 3, "1.25".getBytes(UTF_8))).isNull();
    }

    private static @Nullable String run(boolean events, long bytesMax, byte[]... chunks) {
        EventRewriter rewriter = rewriter(events, bytesMax, false);
        StringBuilder out = new StringBuilder();
        try {
            for (byte[] chunk : chunks) {
                if (!(rewriter.chunk(Unpooled.copiedBuffer(chunk)) instanceof AnswerStep.Go go)) {
                    return null;
                }
                out.append(text(go));
            }
            return rewriter.end(new Headers(0)) instanceof AnswerStep.Go go ? out.append(text(go)).toString() : null;
        } finally {
            rewriter.close();
        }
    }

    private static EventRewriter rewriter(boolean events, long bytesMax, boolean unreadablePasses) {
        AnswerRule rule =
                new AnswerRule(bytesMax, new MediaRanges(List.of()), false, false, unreadablePasses, List.of(),
                        Map.of(Cohort.PUBLIC, REVEAL));
        return new EventRewriter(new Minimiser(REVEAL), events, new CompiledAnswerRule(rule));
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        return java.util.Arrays.copyOfRange(bytes, from, to);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, UTF_8);
    }

    private static String text(AnswerStep step) {
        if (!(step instanceof AnswerStep.Go(ByteBuf bytes))) {
            throw new AssertionError("refused: " + step);
        }
        String text = bytes.toString(UTF_8);
        bytes.release();
        return text;
    }
}
