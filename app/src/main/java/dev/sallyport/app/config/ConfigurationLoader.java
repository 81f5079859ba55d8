package dev.sallyport.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Reads a configuration file strictly: what it does not understand, it refuses. */
public final class ConfigurationLoader {
    /** The largest file, in bytes: room for some hundred thousand callers. */
    public static final int FILE_BYTES_MAX = 32 << 20;

    private ConfigurationLoader() {}

    /** Reads {@code file}. Paths in it are relative to its directory. */
    public static LoadResult load(Path file) {
        byte[] content;
        try (InputStream stream = Files.newInputStream(file)) {
            content = stream.readNBytes(FILE_BYTES_MAX + 1);
        } catch (NoSuchFileException absent) {
            return refuse(file,
                    "there is no such file; name the configuration, or write one with `models:` and `callers:`");
        } catch (IOException unreadable) {
            return refuse(file, "the file cannot be read: " + unreadable.getMessage());
        }
        return parse(file, content);
    }

    /**
     * Reads {@code content} as that of {@code file}, which need not exist.
     *
     * @param file its name stands in messages, and paths in the content are relative to its directory
     */
    public static LoadResult parse(Path file, byte[] content) {
        if (content.length > FILE_BYTES_MAX) {
            return refuse(file, "the file is larger than " + FILE_BYTES_MAX / (1 << 20) + " MiB");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException malformed) {
            return refuse(file, "the file is not UTF-8; save it as such");
        }
        Problems problems = new Problems(file.toString());
        YamlNode root = YamlParser.parse(text, problems);
        if (root == null) {
            if (!problems.any()) {
                problems.error(Position.START, "the file is empty; write at least `models:` and `callers:`");
            }
            return new ConfigurationErrors(problems.errors());
        }
        Path directory = file.toAbsolutePath().getParent();
        return new ConfigurationReader(root, directory == null ? Path.of("/") : directory, problems)
                .read(digest(content));
    }

    private static ConfigurationErrors refuse(Path file, String message) {
        Problems problems = new Problems(file.toString());
        problems.error(Position.START, message);
        return new ConfigurationErrors(problems.errors());
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
