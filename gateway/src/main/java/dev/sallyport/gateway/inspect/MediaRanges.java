package dev.sallyport.gateway.inspect;

import dev.sallyport.gateway.call.Headers;
import java.util.List;

/**
 * The media types that a rule allows. Parameters and letter case do not count (RFC 9110 section 8.3.1), and
 * {@code application/grpc} stands for its {@code +proto} and {@code +json} forms as well.
 *
 * @param ranges lower-case: {@code image/png}, {@code image/*}, or a star on both sides; empty: any
 */
public record MediaRanges(List<String> ranges) {
    private static final String CONTENT_TYPE = "content-type";
    private static final String GRPC = "application/grpc";

    public MediaRanges {
        ranges = List.copyOf(ranges);
    }

    /** Whether exactly one Content-Type is there and is allowed. */
    public boolean allow(Headers headers) {
        if (ranges.isEmpty()) {
            return true;
        }
        String field = headers.count(CONTENT_TYPE) == 1 ? headers.first(CONTENT_TYPE) : null;
        return field != null && allow(field);
    }

    /** Whether {@code field} is an allowed type, with or without parameters. */
    public boolean allow(String field) {
        int end = typeEnd(field);
        for (int i = 0; i < ranges.size(); i++) {
            if (matches(ranges.get(i), field, end)) {
                return true;
            }
        }
        return ranges.isEmpty();
    }

    /** Whether some allowed type begins with {@code prefix} or ends with {@code suffix}, or every type is allowed by a star. */
    boolean name(String prefix, String suffix) {
        return ranges.stream()
                .anyMatch(range -> range.equals("*/*") || range.startsWith(prefix) || range.endsWith(suffix));
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

    private static boolean matches(String range, String field, int end) {
        if (range.equals("*/*")) {
            return oneSubtype(field, field.indexOf('/', 0, end) + 1, end);
        }
        if (range.endsWith("/*")) {
            int prefix = range.length() - 1;
            return field.regionMatches(true, 0, range, 0, prefix) && oneSubtype(field, prefix, end);
        }
        if (!field.regionMatches(true, 0, range, 0, range.length())) {
            return false;
        }
        return end == range.length()
                || range.equals(GRPC) && field.charAt(GRPC.length()) == '+'
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
