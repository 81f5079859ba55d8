package dev.sallyport.gateway.inspect.media;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A media type with its parameters, read strictly (RFC 9110 section 8.3.1): what two readers could understand differently
 * is no media type.
 *
 * @param essence    lower case, such as {@code image/png}
 * @param parameters by lower-case name, with quotes and escapes undone
 */
public record MediaType(String essence, Map<String, String> parameters) {
    private static final Set<String> UTF_8_NAMES = Set.of("utf-8", "utf8", "us-ascii", "ascii");

    public MediaType {
        requireNonNull(essence, "essence is null");
        requireNonNull(parameters, "parameters is null");
    }

    /** Reads the value of a {@code Content-Type} field; null when it is malformed or repeats a parameter. */
    public static @Nullable MediaType parse(String field) {
        int semicolon = field.indexOf(';');
        String essence = (semicolon < 0 ? field : field.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        int slash = essence.indexOf('/');
        if (slash < 1 || !FieldTokens.isToken(essence.substring(0, slash))
                || !FieldTokens.isToken(essence.substring(slash + 1))) {
            return null;
        }
        if (semicolon < 0) {
            return new MediaType(essence, Map.of());
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        return FieldTokens.parameters(field, semicolon, false, parameters) ? new MediaType(essence, parameters) : null;
    }

    public @Nullable String parameter(String name) {
        return parameters.get(name);
    }

    public boolean isJson() {
        return essence.equals("application/json")
                || essence.endsWith("+json") && !essence.startsWith("application/grpc");
    }

    public boolean isMultipart() {
        return essence.startsWith("multipart/");
    }

    public boolean isPicture() {
        return essence.startsWith("image/");
    }

    /** Says nothing of what the content is. */
    public boolean isGeneric() {
        return essence.equals("application/octet-stream") || essence.equals("binary/octet-stream");
    }

    /** Whether no other character encoding than UTF-8 is claimed. */
    public boolean isUtf8() {
        String charset = parameters.get("charset");
        return charset == null || UTF_8_NAMES.contains(charset.toLowerCase(Locale.ROOT));
    }
}
