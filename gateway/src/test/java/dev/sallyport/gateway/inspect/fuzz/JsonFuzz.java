package dev.sallyport.gateway.inspect.fuzz;

import dev.sallyport.gateway.inspect.json.JsonLimits;
import dev.sallyport.gateway.inspect.json.JsonOutcome;
import dev.sallyport.gateway.inspect.json.JsonRewriter;
import dev.sallyport.gateway.inspect.json.JsonScanner;
import dev.sallyport.gateway.inspect.json.Reveal;
import dev.sallyport.gateway.inspect.json.RewriteOutcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Any bytes as JSON: what the scanner takes for sound Jackson reads too, and what the rewriters make of it is sound again. */
public final class JsonFuzz {
    private static final JsonMapper ORACLE = JsonMapper
            .builder(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final List<JsonRewriter> REWRITERS = List.of(
            JsonRewriter.of(new Reveal(true, 0, -1, List.of(), List.of())),
            JsonRewriter.of(new Reveal(false, 2, 2, List.of("/a/b", "/secret"), List.of("/scores"))));

    private JsonFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuf body = Unpooled.wrappedBuffer(input);
        JsonScanner scanner = JsonScanner.ofThisThread();
        boolean sound = scanner.scan(body, JsonLimits.DEFAULTS) instanceof JsonOutcome.Sound;
        if (sound) {
            ORACLE.readTree(input);
        }
        for (JsonRewriter rewriter : REWRITERS) {
            if (rewriter.rewrite(body) instanceof RewriteOutcome.Rewritten(ByteBuf rewritten)) {
                try {
                    if (!(scanner.scan(rewritten, JsonLimits.ANSWER) instanceof JsonOutcome.Sound)) {
                        throw new AssertionError("rewritten to what is no JSON");
                    }
                } finally {
                    rewritten.release();
                }
            }
        }
    }
}
