package dev.sallyport.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page of the documentation that is made from the code. A test that calls {@link #verify} fails when the page in the
 * repository is not what the code makes; {@code mvn test -Dsallyport.documents=write} writes it anew.
 */
public final class GeneratedDocument {
    private static final String PROPERTY = "sallyport.documents";

    private final Path file;

    private GeneratedDocument(Path file) {
        this.file = file;
    }

    /** @param path below the repository's root, such as {@code docs/reference/refusals.md} */
    public static GeneratedDocument at(String path) {
        return in(root(), path);
    }

    static GeneratedDocument in(Path root, String path) {
        return new GeneratedDocument(root.resolve(path));
    }

    public void verify(String content) throws IOException {
        verify(content, "write".equals(System.getProperty(PROPERTY)));
    }

    void verify(String content, boolean write) throws IOException {
        if (write) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        }
        assertThat(file).as("made from the code; run its test with -D" + PROPERTY + "=write").exists().content()
                .isEqualTo(content);
    }

    /** The nearest directory upwards that holds the licence, which no module has. */
    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("LICENSE"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("not run inside the repository");
            }
        }
        return directory;
    }
}
