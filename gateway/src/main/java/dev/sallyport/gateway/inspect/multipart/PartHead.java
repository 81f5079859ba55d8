package dev.sallyport.gateway.inspect.multipart;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.gateway.inspect.media.FieldTokens;
import dev.sallyport.gateway.inspect.media.MediaType;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header section of one part.
 *
 * @param contentLength -1 when it is not stated
 */
record PartHead(String name, @Nullable String fileName, @Nullable MediaType type, long contentLength) {
    /** Says what is wrong with a header section. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message, null, false, false);
        }
    }

    /** Reads what stands from {@code start} up to {@code end}, the last line without its CRLF. */
    static PartHead read(ByteBuffer body, int start, int end, MultipartLimits limits) throws Broken {
        Map<String, String> fields = new LinkedHashMap<>();
        String text = ISO_8859_1.decode(body.slice(start, Math.max(0, end - start))).toString();
        int at = 0;
        while (at <= text.length()) {
            int lineEnd = text.indexOf("\r\n", at);
            String line = text.substring(at, lineEnd < 0 ? text.length() : lineEnd);
            field(line, fields);
            at = lineEnd < 0 ? text.length() + 1 : lineEnd + 2;
        }
        return new Reading(fields, limits).head();
    }

    private static void field(String line, Map<String, String> into) throws Broken {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < ' ' && (c != '\t' || i > 0) || c == 0x7f) {
                throw new Broken("its header section holds a control character, or a line that does not end with CRLF");
            }
        }
        if (line.startsWith(" ") || line.startsWith("\t")) {
            throw new Broken("a header field of it is folded over lines");
        }
        int colon = line.indexOf(':');
        if (colon < 0 || !FieldTokens.isToken(line.substring(0, colon))) {
            throw new Broken(line.isEmpty() ? "it has no header field" : "a line of its header section is no field");
        }
        String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        switch (name) {
            case "content-disposition", "content-type", "content-length", "content-transfer-encoding" -> {
                if (into.putIfAbsent(name, line.substring(colon + 1).strip()) != null) {
                    throw new Broken("its " + name + " is there twice");
                }
            }
            default -> throw new Broken("it has a header field that a form's part may not have (RFC 7578 section 4.8)");
        }
    }

    /** Makes a head of fields that are well-formed by themselves. */
    private record Reading(Map<String, String> fields, MultipartLimits limits) {
        PartHead head() throws Broken {
            String encoding = fields.getOrDefault("content-transfer-encoding", "binary").toLowerCase(Locale.ROOT);
            if (!encoding.equals("binary") && !encoding.equals("8bit") && !encoding.equals("7bit")) {
                throw new Broken("its Content-Transfer-Encoding hides the content");
            }
            String disposition = fields.get("content-disposition");
            if (disposition == null) {
                throw new Broken("it has no Content-Disposition");
            }
            int semicolon = disposition.indexOf(';');
            Map<String, String> parameters = new LinkedHashMap<>();
            if (semicolon < 0 || !disposition.substring(0, semicolon).strip().equalsIgnoreCase("form-data")
                    || !FieldTokens.parameters(disposition, semicolon, true, parameters)) {
                throw new Broken(
                        "its Content-Disposition is not that of a form, repeats a parameter or has a backslash");
            }
            String name = parameters.remove("name");
            if (name == null || name.isEmpty()) {
                throw new Broken("it has no name");
            }
            String fileName = parameters.remove("filename");
            String extended = parameters.remove("filename*");
            if (!parameters.isEmpty()) {
                throw new Broken("its Content-Disposition has a parameter besides name and filename");
            }
            String plainName = fileName == null ? null : FileNames.checked(text(fileName, "file name"));
            FileNames.agree(plainName, extended);
            return new PartHead(fieldName(text(name, "name")), plainName, type(), contentLength());
        }

        private static String fieldName(String name) throws Broken {
            if (name.equals("_charset_")) {
                throw new Broken("the field _charset_ would change the character encoding of the others");
            }
            return name;
        }

        private String text(String bytes, String what) throws Broken {
            if (bytes.length() > limits.nameBytes()) {
                throw new Broken("its " + what + " is longer than " + limits.nameBytes() + " bytes");
            }
            String text = new String(bytes.getBytes(ISO_8859_1), UTF_8);
            for (int i = 0; i < text.length(); i++) {
                int kind = Character.getType(text.charAt(i));
                if (text.charAt(i) == '\ufffd' || kind == Character.CONTROL || kind == Character.LINE_SEPARATOR
                        || kind == Character.PARAGRAPH_SEPARATOR) {
                    throw new Broken("its " + what + " holds a control character, or is not UTF-8");
                }
            }
            String lower = text.toLowerCase(Locale.ROOT);
            if (lower.contains("%0d") || lower.contains("%0a") || lower.contains("%00")) {
                throw new Broken("its " + what + " holds an escaped control character, which some readers undo");
            }
            if (!text.strip().equals(text)) {
                throw new Broken("its " + what + " begins or ends with white space, which some readers cut off");
            }
            return text;
        }

        private @Nullable MediaType type() throws Broken {
            String field = fields.get("content-type");
            if (field == null) {
                return null;
            }
            MediaType type = MediaType.parse(field);
            if (type == null) {
                throw new Broken("its Content-Type is malformed");
            }
            if (type.isMultipart() || type.essence().startsWith("message/")) {
                throw new Broken("it holds parts of its own, which a form's part may not");
            }
            if (!type.isUtf8()) {
                throw new Broken("its charset is not UTF-8");
            }
            return type;
        }

        private long contentLength() throws Broken {
            String field = fields.get("content-length");
            if (field == null) {
                return -1;
            }
            if (field.isEmpty() || field.length() > 10 || !field.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new Broken("its Content-Length is no number");
            }
            return Long.parseLong(field);
        }
    }
}
