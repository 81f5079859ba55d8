package dev.sallyport.gateway.telemetry;

import dev.sallyport.gateway.call.Headers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The field {@code tracestate} (W3C Trace Context, level 2, section 3.3): what other tracing systems pass along, which is
 * handed on as it came as long as it is well-formed and small.
 */
final class TraceState {
    static final String FIELD = "tracestate";
    static final int MEMBERS_MAX = 32;
    /** What every participant should be able to carry. */
    static final int CHARACTERS_MAX = 512;
    /** Members that are longer go first where something has to go. */
    static final int LARGE_CHARACTERS = 128;
    private static final int KEY_CHARACTERS_MAX = 256;
    private static final int VALUE_CHARACTERS_MAX = 256;

    private TraceState() {}

    /** What goes on of the fields in {@code headers}; null when there is none, or one of its members is malformed. */
    static @Nullable String of(Headers headers) {
        String first = headers.first(FIELD);
        if (first == null) {
            return null;
        }
        String combined = headers.count(FIELD) == 1 ? first : String.join(",", headers.all(FIELD));
        int members = validMembers(combined);
        if (members < 1 || members > MEMBERS_MAX) {
            return null;
        }
        return combined.length() <= CHARACTERS_MAX ? combined : shortened(combined);
    }

    /** How many members the list has, empty ones not counted; -1 when one is malformed. */
    private static int validMembers(String list) {
        int members = 0;
        int from = 0;
        while (from <= list.length()) {
            int comma = list.indexOf(',', from);
            int to = comma < 0 ? list.length() : comma;
            int begin = from;
            int end = to;
            while (begin < end && space(list.charAt(begin))) {
                begin++;
            }
            while (end > begin && space(list.charAt(end - 1))) {
                end--;
            }
            if (begin < end) {
                if (!validMember(list, begin, end)) {
                    return -1;
                }
                members++;
            }
            from = to + 1;
        }
        return members;
    }

    private static boolean validMember(String list, int from, int to) {
        int equals = list.indexOf('=', from);
        if (equals <= from || equals >= to - 1 || equals - from > KEY_CHARACTERS_MAX
                || to - equals - 1 > VALUE_CHARACTERS_MAX || !lowerCaseOrDigit(list.charAt(from))) {
            return false;
        }
        for (int i = from + 1; i < equals; i++) {
            char each = list.charAt(i);
            if (!lowerCaseOrDigit(each) && each != '_' && each != '-' && each != '*' && each != '/' && each != '@') {
                return false;
            }
        }
        for (int i = equals + 1; i < to; i++) {
            char each = list.charAt(i);
            if (each < 0x20 || each > 0x7e || each == '=') {
                return false;
            }
        }
        return true;
    }

    /** Whole members only: first the large ones go, then the oldest, which stand last. */
    private static @Nullable String shortened(String list) {
        List<String> kept = new ArrayList<>();
        int characters = 0;
        int from = 0;
        while (from <= list.length()) {
            int comma = list.indexOf(',', from);
            int to = comma < 0 ? list.length() : comma;
            String member = list.substring(from, to).strip();
            int longer = characters + member.length() + (kept.isEmpty() ? 0 : 1);
            if (!member.isEmpty() && member.length() <= LARGE_CHARACTERS && longer <= CHARACTERS_MAX) {
                kept.add(member);
                characters = longer;
            }
            from = to + 1;
        }
        return kept.isEmpty() ? null : String.join(",", kept);
    }

    private static boolean lowerCaseOrDigit(char each) {
        return each >= 'a' && each <= 'z' || each >= '0' && each <= '9';
    }

    private static boolean space(char each) {
        return each == ' ' || each == '\t';
    }
}
