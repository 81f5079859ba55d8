package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.AnswerBody;
import dev.sallyport.gateway.call.AnswerControl;
import dev.sallyport.gateway.call.AnswerHandling;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** An answer control that answers what a test tells it to. */
final class TestingAnswerControl implements AnswerControl {
    static final Refusal TOO_LARGE = Refusal.of(RefusalCode.ANSWER_TOO_LARGE, "Too large.");

    private final String name;
    private final BiFunction<Call, ResponseHead, AnswerHandling> onHead;
    private final AtomicInteger opened = new AtomicInteger();
    private Consumer<Headers> onTrailers = _ -> {};

    private TestingAnswerControl(String name, BiFunction<Call, ResponseHead, AnswerHandling> onHead) {
        this.name = name;
        this.onHead = onHead;
    }

    static TestingAnswerControl opening(String name, BiFunction<Call, ResponseHead, AnswerHandling> onHead) {
        return new TestingAnswerControl(name, onHead);
    }

    static TestingAnswerControl passing(String name) {
        return opening(name, (_, _) -> AnswerHandling.PASS);
    }

    static TestingAnswerControl refusing(String name) {
        return opening(name, (_, _) -> Refusal.of(RefusalCode.ANSWER_NOT_ACCEPTABLE, "No."));
    }

    static TestingAnswerControl filtering(String name, TestingFilter filter) {
        return opening(name, (_, _) -> new AnswerHandling.Stream(filter, false));
    }

    /** Gathers up to {@code bytesMax} and passes on what {@code rewrite} makes of it. */
    static TestingAnswerControl gathering(String name, long bytesMax, Function<String, AnswerStep> rewrite) {
        AnswerBody body = bytes -> {
            String text = bytes.toString(StandardCharsets.UTF_8);
            bytes.release();
            return rewrite.apply(text);
        };
        return opening(name, (_, _) -> new AnswerHandling.Whole(bytesMax, TOO_LARGE, body));
    }

    static AnswerStep go(String text) {
        return new AnswerStep.Go(bytes(text));
    }

    static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    TestingAnswerControl onTrailers(Consumer<Headers> action) {
        onTrailers = action;
        return this;
    }

    /** How many answers it was asked about. */
    int opened() {
        return opened.get();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public AnswerHandling open(Call call, ResponseHead head) {
        opened.incrementAndGet();
        return onHead.apply(call, head);
    }

    @Override
    public void trailers(Call call, Headers trailers) {
        onTrailers.accept(trailers);
    }
}
