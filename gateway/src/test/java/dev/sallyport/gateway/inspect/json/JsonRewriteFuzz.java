package dev.sallyport.gateway.inspect.json;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Map;

/**
 * The readers of JSON on any bytes: they end with an outcome, agree with another reader on what is JSON, do not mind how the bytes
 * are cut, and what is rewritten keeps its promises. The first byte chooses the rule of the rewriter, the second the cut.
 */
public final class JsonRewriteFuzz {
    private static final JsonInspector INSPECTOR =
            JsonInspector.of(new JsonRule(JsonLimits.DEFAULTS, new InstanceRule(null, 100, 1_000), Map.of()));

    private JsonRewriteFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        byte[] json = Arrays.copyOfRange(input, 2, input.length);
        int cut = Math.min(json.length, input[1] & 0xff);
        JsonOutcome whole = INSPECTOR.inspect("/", Unpooled.wrappedBuffer(json));
        CompositeByteBuf parts = Unpooled.compositeBuffer()
                .addComponent(true, Unpooled.wrappedBuffer(json, 0, cut))
                .addComponent(true, Unpooled.wrappedBuffer(json, cut, json.length - cut));
        if (!whole.equals(INSPECTOR.inspect("/", parts))) {
            throw new AssertionError("cut at " + cut + " it is no longer " + whole);
        }
        ByteBuf body = Unpooled.wrappedBuffer(json);
        JsonOutcome sound = JsonScanner.ofThisThread().scan(body, JsonLimits.ANSWER);
        boolean tooLarge = sound instanceof JsonDefect defect && defect.reason() == JsonDefect.Reason.TOO_LARGE;
        if (!tooLarge && sound instanceof JsonOutcome.Sound != JsonOracle.accepts(json)) {
            throw new AssertionError("another reader disagrees with " + sound);
        }
        RewritePromises.hold(RewritePromises.REVEALS.get((input[0] & 0x7f) % RewritePromises.REVEALS.size()), json);
    }
}
