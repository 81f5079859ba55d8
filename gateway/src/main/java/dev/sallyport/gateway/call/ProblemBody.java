package dev.sallyport.gateway.call;

import java.util.Map;

/** The body of a refusal: a problem document (RFC 9457) with the refusal's code, the call's id and what to do about it. */
public final class ProblemBody {
    public static final String MEDIA_TYPE = "application/problem+json";
    private static final String TYPE_PREFIX = "urn:sallyport:refusal:";

    private ProblemBody() {}

    public static byte[] render(Refusal refusal, String callId) {
        RefusalCode code = refusal.code();
        JsonWriter json = new JsonWriter(512);
        json.beginObject();
        json.name("type").string(TYPE_PREFIX + code.text());
        json.name("title").string(code.title());
        json.name("status").number(code.status());
        json.name("detail").string(refusal.detail());
        json.name("code").string(code.text());
        json.name("call").string(callId);
        json.name("remedy").string(code.remedy());
        for (Map.Entry<String, Object> member : refusal.members().entrySet()) {
            json.name(member.getKey()).value(member.getValue());
        }
        return json.endObject().newLine().toBytes();
    }
}
