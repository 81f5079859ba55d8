package dev.sallyport.gateway.inspect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The pictures that tests send. */
final class Pictures {
    private static final Path DIRECTORY = Path.of("src/test/resources/inspect/image");

    private Pictures() {}

    /** @param name without its size and depth, such as {@code baseline.jpg} */
    static byte[] named(String name) {
        try (var files = Files.list(DIRECTORY)) {
            return Files
                    .readAllBytes(files.filter(file -> file.toString().endsWith("-" + name)).findFirst().orElseThrow());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
