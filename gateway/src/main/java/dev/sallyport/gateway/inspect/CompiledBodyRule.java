package dev.sallyport.gateway.inspect;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import java.util.List;
import java.util.Map;

/** A body rule with its two refusals made. Shared by all resources with equal rules. */
final class CompiledBodyRule {
    private final long bytesMax;
    private final MediaRanges accepts;
    private final ContentInspector content;
    private final Refusal wrongType;
    private final Refusal tooLarge;

    CompiledBodyRule(BodyRule rule) {
        bytesMax = rule.bytesMax();
        accepts = new MediaRanges(rule.accepts());
        content = new ContentInspector(accepts, rule.content());
        List<String> types = accepts.ranges();
        // RFC 9110 section 15.5.16: the Accept field of a 415 says what would have been accepted.
        wrongType = new Refusal(
                RefusalCode.MEDIA_TYPE_NOT_ACCEPTED,
                "The body's Content-Type is absent, repeated or none of those that `accepts` lists.",
                Map.of("part", "body", "accepts", types),
                types.isEmpty() ? Map.of() : Map.of("accept", String.join(", ", types)));
        tooLarge = new Refusal(
                RefusalCode.BODY_TOO_LARGE, "The body is longer than " + bytesMax + " bytes.",
                Map.of("part", "body", "limit", bytesMax), Map.of());
    }

    long bytesMax() {
        return bytesMax;
    }

    Refusal wrongType() {
        return wrongType;
    }

    Refusal tooLarge() {
        return tooLarge;
    }

    /** What looks inside of bodies. */
    ContentInspector content() {
        return content;
    }

    boolean acceptsType(Headers headers) {
        return accepts.allow(headers);
    }
}
