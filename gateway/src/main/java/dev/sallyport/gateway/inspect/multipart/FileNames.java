package dev.sallyport.gateway.inspect.multipart;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.gateway.inspect.multipart.PartHead.Broken;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The names of uploaded files: what could lead out of the directory that a server saves them in is refused. */
final class FileNames {
    private static final String EXTENDED_PREFIX = "utf-8''";

    private FileNames() {}

    /** Passes {@code name} on when it is a plain name, also after a second round of percent-decoding. */
    static String checked(String name) throws Broken {
        if (name.isEmpty()) {
            throw new Broken("its file name is empty");
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (name.equals(".") || name.equals("..") || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0
                || lower.contains("%2f") || lower.contains("%5c")) {
            throw new Broken("its file name is a path");
        }
        return name;
    }

    /** Refuses a {@code filename*} (RFC 8187) that says anything else than {@code plain}: readers take one or the other. */
    static void agree(@Nullable String plain, @Nullable String extended) throws Broken {
        if (extended != null && !(plain != null && plain.equals(decoded(extended)))) {
            throw new Broken("its filename* is not the same as its filename");
        }
    }

    private static @Nullable String decoded(String extended) {
        if (!extended.regionMatches(true, 0, EXTENDED_PREFIX, 0, EXTENDED_PREFIX.length())) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = EXTENDED_PREFIX.length(); i < extended.length(); i++) {
            char c = extended.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            int high = i + 2 < extended.length() ? Character.digit(extended.charAt(i + 1), 16) : -1;
            int low = i + 2 < extended.length() ? Character.digit(extended.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        return bytes.toString(UTF_8);
    }
}
