package dev.sallyport.gateway.route;

import java.nio.charset.StandardCharsets;

/** Percent-decoding of a part of a path (RFC 3986 section 2.1). */
final class PercentCoding {
    private PercentCoding() {}

    /** The part of {@code path} from {@code start} to {@code end} with its triplets replaced, read as UTF-8. */
    static String decoded(String path, int start, int end) {
        String part = path.substring(start, end);
        if (part.indexOf('%') < 0) {
            return part;
        }
        byte[] bytes = part.getBytes(StandardCharsets.ISO_8859_1);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%' && i + 2 < bytes.length) {
                int high = Character.digit(bytes[i + 1], 16);
                int low = Character.digit(bytes[i + 2], 16);
                if (high >= 0 && low >= 0) {
                    bytes[length++] = (byte) (high << 4 | low);
                    i += 2;
                    continue;
                }
            }
            bytes[length++] = bytes[i];
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
