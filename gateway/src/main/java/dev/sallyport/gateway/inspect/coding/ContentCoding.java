package dev.sallyport.gateway.inspect.coding;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A content coding that can be undone (RFC 9110 section 8.4.1, RFC 7932, RFC 8878). */
public enum ContentCoding {
    GZIP("gzip"), DEFLATE("deflate"), BR("br"), ZSTD("zstd");

    /** What an {@code Accept-Encoding} field says of them, in the order in which a client had better choose. */
    public static final String ACCEPTED = "zstd, br, gzip, deflate";
    /** More than one on top of another has no use but to hide something. */
    public static final int STACKED_MAX = 2;

    private final String token;

    ContentCoding(String token) {
        this.token = token;
    }

    /** Its name in {@code Content-Encoding}. */
    public String token() {
        return token;
    }

    /**
     * The codings that {@code Content-Encoding} fields name, in the order in which they were applied.
     *
     * @param fields the values of all such fields; {@code identity} stands for none
     * @return null when one of them is not known, is no token, or when there are more than {@link #STACKED_MAX}
     */
    public static @Nullable List<ContentCoding> of(List<String> fields) {
        List<ContentCoding> applied = new ArrayList<>(2);
        for (String field : fields) {
            int start = 0;
            while (start <= field.length()) {
                int comma = field.indexOf(',', start);
                int end = comma < 0 ? field.length() : comma;
                String name = field.substring(start, end).strip().toLowerCase(Locale.ROOT);
                if (!name.equals("identity")) {
                    ContentCoding coding = named(name);
                    if (coding == null || applied.size() == STACKED_MAX) {
                        return null;
                    }
                    applied.add(coding);
                }
                start = end + 1;
            }
        }
        return applied;
    }

    private static @Nullable ContentCoding named(String name) {
        return switch (name) {
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            case "br" -> BR;
            case "zstd" -> ZSTD;
            default -> null;
        };
    }
}
