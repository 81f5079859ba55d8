package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.math.BigDecimal;
import java.util.List;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a rewritten answer must keep, whatever the answer was. Read with another reader of JSON. */
final class RewritePromises {
    static final List<Reveal> REVEALS = List.of(
            new Reveal(true, 0, -1, List.of(), List.of()),
            new Reveal(false, 2, -1, List.of(), List.of()),
            new Reveal(false, 0, 2, List.of(), List.of()),
            new Reveal(false, 1, 0, List.of("/a", "/b/*", "/*/a"), List.of()),
            new Reveal(true, 0, 3, List.of("/*/*"), List.of("/a", "/*/b")));

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(1_000).maxNumberLength(100_000).build())
            .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private RewritePromises() {}

    /** Rewrites a sound answer, and throws {@link AssertionError} when a promise is broken. */
    static void hold(Reveal reveal, byte[] answer) {
        ByteBuf body = Unpooled.wrappedBuffer(answer);
        switch (JsonRewriter.of(reveal).rewrite(body)) {
            case RewriteOutcome.Unchanged _ -> look(reveal, answer);
            case RewriteOutcome.Unreadable _ -> {}
            case RewriteOutcome.Rewritten(ByteBuf rewritten) -> {
                byte[] bytes = new byte[rewritten.readableBytes()];
                rewritten.readBytes(bytes);
                rewritten.release();
                look(reveal, bytes);
            }
        }
        if (body.readableBytes() != answer.length || body.refCnt() != 1) {
            throw new AssertionError("the answer's buffer was touched");
        }
    }

    private static void look(Reveal reveal, byte[] shown) {
        String text = new String(shown, UTF_8);
        JsonOutcome outcome = JsonScanner.ofThisThread().scan(Unpooled.wrappedBuffer(shown), JsonLimits.ANSWER);
        if (!(outcome instanceof JsonOutcome.Sound)) {
            throw new AssertionError(reveal + " broke the answer: " + outcome + ": " + text);
        }
        numbers(reveal, MAPPER.readTree(shown), text);
    }

    private static void numbers(Reveal reveal, JsonNode node, String text) {
        if (node.isNumber()) {
            BigDecimal number = node.decimalValue();
            int digits = reveal.labelOnly() ? 0 : reveal.digits();
            // What top puts in the place of a hidden score has one digit, a zero.
            if (digits >= 0 && number.stripTrailingZeros().scale() > digits) {
                throw new AssertionError(reveal + " shows " + number + " in " + text);
            }
        }
        node.forEach(below -> numbers(reveal, below, text));
    }
}
