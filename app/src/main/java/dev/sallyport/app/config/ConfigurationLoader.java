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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a configuration file strictly: what it does not understand, it refuses. */
public final class ConfigurationLoader {
    /** The largest file, in bytes: room for some hundred thousand callers. */
    public static final int FILE_BYTES_MAX = 32 << 20;

    private ConfigurationLoader() {}

    /** Reads {@code file}. Paths in it are relative to its directory. */
    public static LoadResult load(Path file) {
        return examine(file).result();
    }

    /**
     * Reads {@code content} as that of {@code file}, which need not exist.
     *
     * @param file its name stands in messages, and paths in the content are relative to its directory
     */
    public static LoadResult parse(Path file, byte[] content) {
        return examine(file, content).result();
    }

    /** Reads {@code file} like {@link #load}, and tells what it holds even when it is not valid. */
    public static Examination examine(Path file) {
        byte[] content;
        try (InputStream stream = Files.newInputStream(file)) {
            content = stream.readNBytes(FILE_BYTES_MAX + 1);
        } catch (NoSuchFileException absent) {
            return refuse(file,
                    "there is no such file; name the configuration, or write one with `models:` and `callers:`");
        } catch (IOException unreadable) {
            return refuse(file, "the file cannot be read: " + unreadable.getMessage());
        }
        return examine(file, content);
    }

    private static Examination examine(Path file, byte[] content) {
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
                problems.error(FindingCode.SYNTAX, Position.START,
                        "the file is empty; write at least `models:` and `callers:`");
            }
            return new Examination(null, problems.errors(), List.of(), problems.places());
        }
        problems.locate(new Places(root));
        Path directory = file.toAbsolutePath().getParent();
        Configuration configuration = read(
                new ConfigurationReader(root, directory == null ? Path.of("/") : directory, problems), digest(content),
                problems);
        return new Examination(configuration, problems.errors(), problems.notices(), problems.places());
    }

    /** What could be read; null when too much is missing for that to be a configuration. */
    private static @Nullable Configuration read(ConfigurationReader reader, String digest, Problems problems) {
        try {
            return reader.read(digest);
        } catch (IllegalArgumentException incomplete) {
            if (problems.any()) {
                return null;
            }
            throw incomplete;
        }
    }

    private static Examination refuse(Path file, String message) {
        Problems problems = new Problems(file.toString());
        problems.error(FindingCode.UNREADABLE, Position.START, message);
        return new Examination(null, problems.errors(), List.of(), problems.places());
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
