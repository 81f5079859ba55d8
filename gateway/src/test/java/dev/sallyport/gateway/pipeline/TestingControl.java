package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Verdict;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A control that answers what a test tells it to. */
final class TestingControl implements Control {
    private final String name;
    private final Function<Call, Verdict> onHead;
    private BodyNeed need = BodyNeed.NOTHING;
    private BiFunction<Call, String, Verdict> onBody = (_, _) -> Verdict.PASS;

    private TestingControl(String name, Function<Call, Verdict> onHead) {
        this.name = name;
        this.onHead = onHead;
    }

    static TestingControl answering(String name, Function<Call, Verdict> onHead) {
        return new TestingControl(name, onHead);
    }

    static TestingControl passing(String name) {
        return answering(name, _ -> Verdict.PASS);
    }

    static TestingControl identifying() {
        return answering("identify", call -> {
            call.identified(Caller.anonymous("tester"));
            return Verdict.PASS;
        });
    }

    TestingControl needing(BodyNeed bodyNeed, BiFunction<Call, String, Verdict> answer) {
        need = bodyNeed;
        onBody = answer;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public BodyNeed body(Call call) {
        return need;
    }

    @Override
    public Verdict check(Call call) {
        return onHead.apply(call);
    }

    @Override
    public Verdict chunk(Call call, ByteBuf chunk) {
        return onBody.apply(call, chunk.toString(StandardCharsets.UTF_8));
    }

    @Override
    public Verdict whole(Call call, ByteBuf body) {
        return onBody.apply(call, body.toString(StandardCharsets.UTF_8));
    }
}
