package dev.sallyport.gateway.inspect;

import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.inspect.Finding.Unsound;
import dev.sallyport.gateway.inspect.coding.ContentCoding;
import dev.sallyport.gateway.inspect.json.JsonDefect;

/** The refusals of contents. Each names the part in which the fault is, and the limit where it is one. */
final class ContentRefusals {
    private ContentRefusals() {}

    /** @param what a clause that says what is wrong */
    static Unsound malformed(String part, String what) {
        return new Unsound(of(RefusalCode.MALFORMED_CONTENT, part, what));
    }

    static Unsound tooLarge(String part, String what, long limit) {
        return new Unsound(of(RefusalCode.CONTENT_TOO_LARGE, part, what).withMember("limit", limit));
    }

    /** @param declared the type that the content claims, @param found what it begins like */
    static Unsound mismatch(String part, String declared, String found) {
        return new Unsound(of(RefusalCode.MEDIA_TYPE_MISMATCH, part,
                "it is declared as " + declared + " and begins like " + found)
                .withMember("declared", declared).withMember("found", found));
    }

    static Unsound tooMany(String part, String what, long limit) {
        return new Unsound(of(RefusalCode.TOO_MANY_INSTANCES, part, what).withMember("limit", limit));
    }

    static Unsound json(String part, JsonDefect defect) {
        RefusalCode code = switch (defect.reason()) {
            case MALFORMED -> RefusalCode.MALFORMED_CONTENT;
            case TOO_LARGE -> RefusalCode.CONTENT_TOO_LARGE;
            case TOO_MANY_INSTANCES -> RefusalCode.TOO_MANY_INSTANCES;
            case SCHEMA_VIOLATED -> RefusalCode.SCHEMA_VIOLATED;
        };
        Refusal refusal =
                Refusal.of(code, part.equals("body") ? defect.detail() : "In " + part + ": " + defect.detail())
                        .withMember("part", part)
                        .withMember("pointer", defect.pointer());
        return new Unsound(defect.limit() < 0 ? refusal : refusal.withMember("limit", defect.limit()));
    }

    static Unsound notAccepted(String part, MediaRanges accepts, String what) {
        return new Unsound(of(RefusalCode.MEDIA_TYPE_NOT_ACCEPTED, part, what)
                .withMember("accepts", accepts.ranges())
                .withField("accept", String.join(", ", accepts.ranges())));
    }

    /** RFC 9110 section 15.5.16: the Accept-Encoding field of a 415 says which codings would have been accepted. */
    static Refusal coding() {
        return of(RefusalCode.CONTENT_CODING_NOT_ACCEPTED, "body",
                "its Content-Encoding is none of " + ContentCoding.ACCEPTED + ", or stacks more than "
                        + ContentCoding.STACKED_MAX)
                .withMember("limit", ContentCoding.STACKED_MAX)
                .withField("accept-encoding", ContentCoding.ACCEPTED);
    }

    static Refusal of(RefusalCode code, String part, String what) {
        String subject = part.equals("body") ? "The body" : "In the request, " + part;
        return Refusal.of(code, subject + ": " + what + ".").withMember("part", part);
    }
}
