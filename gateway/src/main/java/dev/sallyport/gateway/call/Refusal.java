package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A denial as a value.
 *
 * @param detail  one sentence about this occurrence, for the caller to read: what happened and what to do; never a secret
 * @param members further members of the problem document (RFC 9457 section 3.2): strings, numbers, lists of strings
 * @param fields  response fields that go with it, lower-case name to value, such as {@code retry-after}
 */
public record Refusal(RefusalCode code, String detail, Map<String, Object> members, Map<String, String> fields)
        implements Verdict, AnswerHandling, AnswerStep {
    public Refusal {
        requireNonNull(code, "code is null");
        requireNonNull(detail, "detail is null");
        requireNonNull(members, "members is null");
        requireNonNull(fields, "fields is null");
    }

    public static Refusal of(RefusalCode code, String detail) {
        return new Refusal(code, detail, Map.of(), Map.of());
    }

    public Refusal withMember(String name, Object value) {
        Map<String, Object> extended = new LinkedHashMap<>(members);
        extended.put(name, value);
        return new Refusal(code, detail, extended, fields);
    }

    public Refusal withField(String name, String value) {
        Map<String, String> extended = new LinkedHashMap<>(fields);
        extended.put(name, value);
        return new Refusal(code, detail, members, extended);
    }
}
