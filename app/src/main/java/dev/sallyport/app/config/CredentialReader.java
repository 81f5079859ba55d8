package dev.sallyport.app.config;

import dev.sallyport.gateway.upstream.UpstreamCredential;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what the gateway shows a model from the file that holds it. What stands in the file is never repeated. */
final class CredentialReader {
    private static final int SECRET_BYTES_MAX = 8_192;
    private static final String AUTHORIZATION = "authorization";

    private CredentialReader() {}

    /** Null when {@code sections} is empty, or when the file holds no credential, which is then among the problems. */
    static @Nullable UpstreamCredential read(List<SectionReader> sections, Directory directory) {
        if (sections.isEmpty()) {
            return null;
        }
        SectionReader given = sections.getFirst();
        if (sections.size() > 1) {
            given.error(given.position(), given.path() + ": a model is shown one credential; keep one of them");
            return null;
        }
        if (given.broken()) {
            return null;
        }
        if (!given.has(ModelKeys.CREDENTIAL_FILE)) {
            given.error(given.position(), given.path() + " needs `file`, which holds the secret");
            return null;
        }
        Path file = directory.readable(given, ModelKeys.CREDENTIAL_FILE);
        if (file == null) {
            return null;
        }
        String secret;
        try (InputStream in = Files.newInputStream(file)) {
            secret = new String(in.readNBytes(SECRET_BYTES_MAX + 1), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException unreadable) {
            given.error(ModelKeys.CREDENTIAL_FILE, "the file cannot be read: " + unreadable.getMessage());
            return null;
        }
        if (secret.isEmpty() || secret.length() > SECRET_BYTES_MAX
                || !secret.chars().allMatch(each -> each > ' ' && each < 0x7f)) {
            given.error(ModelKeys.CREDENTIAL_FILE,
                    "the file must hold one secret of up to 8 KiB in visible ASCII characters and nothing else");
            return null;
        }
        String field = given.value(ModelKeys.CREDENTIAL_FIELD);
        return new UpstreamCredential(field, field.equals(AUTHORIZATION) ? "Bearer " + secret : secret);
    }
}
