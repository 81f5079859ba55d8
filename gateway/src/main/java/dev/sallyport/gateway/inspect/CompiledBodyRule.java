package dev.sallyport.gateway.inspect;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import java.util.List;
import java.util.Map;

/** A body rule with its two refusals made and its media types split. Shared by all resources with equal rules. */
final class CompiledBodyRule {
    private static final String CONTENT_TYPE = "content-type";
    private static final String GRPC = "application/grpc";

    private final long bytesMax;
    private final List<String> accepts;
    private final Refusal wrongType;
    private final Refusal tooLarge;

    CompiledBodyRule(BodyRule rule) {
        bytesMax = rule.bytesMax();
        accepts = rule.accepts();
        // RFC 9110 section 15.5.16: the Accept field of a 415 says what would have been accepted.
        wrongType = new Refusal(
                RefusalCode.MEDIA_TYPE_NOT_ACCEPTED,
                "The body's Content-Type is absent, repeated or none of those that `accepts` lists.",
                Map.of("accepts", accepts),
                accepts.isEmpty() ? Map.of() : Map.of("accept", String.join(", ", accepts)));
        tooLarge = new Refusal(
                RefusalCode.BODY_TOO_LARGE, "The body is longer than " + bytesMax + " bytes.",
                Map.of("limit", bytesMax), Map.of());
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

    /** Whether exactly one Content-Type is there and is accepted; parameters and letter case do not count (RFC 9110 section 8.3.1). */
    boolean acceptsType(Headers headers) {
        if (accepts.isEmpty()) {
            return true;
        }
        if (headers.count(CONTENT_TYPE) != 1) {
            return false;
        }
        String field = headers.first(CONTENT_TYPE);
        if (field == null) {
            return false;
        }
        int end = typeEnd(field);
        for (int i = 0; i < accepts.size(); i++) {
            if (matches(accepts.get(i), field, end)) {
                return true;
            }
        }
        return false;
    }

    /** Where the type ends that {@code field} begins with: before the parameters and the white space in front of them. */
    private static int typeEnd(String field) {
        int semicolon = field.indexOf(';');
        int end = semicolon < 0 ? field.length() : semicolon;
        while (end > 0 && (field.charAt(end - 1) == ' ' || field.charAt(end - 1) == '\t')) {
            end--;
        }
        return end;
    }

    private static boolean matches(String accepted, String field, int end) {
        if (accepted.equals("*/*")) {
            return oneSubtype(field, field.indexOf('/', 0, end) + 1, end);
        }
        if (accepted.endsWith("/*")) {
            int prefix = accepted.length() - 1;
            return field.regionMatches(true, 0, accepted, 0, prefix) && oneSubtype(field, prefix, end);
        }
        if (!field.regionMatches(true, 0, accepted, 0, accepted.length())) {
            return false;
        }
        return end == accepted.length()
                || accepted.equals(GRPC) && field.charAt(GRPC.length()) == '+'
                        && oneSubtype(field, GRPC.length() + 1, end);
    }

    /** Whether {@code field} holds one name from {@code start} to {@code end}: no second type behind a comma. */
    private static boolean oneSubtype(String field, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = field.charAt(i);
            if (c == '/' || c == ',' || c <= ' ') {
                return false;
            }
        }
        return start > 1 && start < end;
    }
}
