package dev.sallyport.gateway.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes forms whose boundary is {@code b}. */
final class FormText {
    static final String TYPE = "multipart/form-data; boundary=b";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    FormText file(String name, @Nullable String type, byte[] content) {
        return part("name=\"" + name + "\"; filename=\"f\"", type, content);
    }

    FormText field(String name, String content) {
        return part("name=\"" + name + "\"", null, content.getBytes(UTF_8));
    }

    FormText part(String parameters, @Nullable String type, byte[] content) {
        text("--b\r\nContent-Disposition: form-data; " + parameters + "\r\n");
        text(type == null ? "\r\n" : "Content-Type: " + type + "\r\n\r\n");
        bytes.writeBytes(content);
        return text("\r\n");
    }

    FormText text(String text) {
        bytes.writeBytes(text.getBytes(UTF_8));
        return this;
    }

    byte[] end() {
        return text("--b--\r\n").bytes.toByteArray();
    }
}
