package dev.sallyport.app;

import static java.util.Objects.requireNonNull;

import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.ConfigurationErrors;
import dev.sallyport.app.config.ConfigurationLoader;
import dev.sallyport.app.config.LoadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a configuration file has changed, and reads it when it has come to rest.
 *
 * <p>It looks at the file's time and size and does not wait for events of the file system: those are lost on network
 * file systems and where a symbolic link in the path is exchanged, as Kubernetes does. A file is at rest when two looks
 * in a row find it the same; so an editor that empties a file before it writes it does not leave the gateway without
 * callers. Confined to one thread.
 */
final class ConfigurationWatcher {
    private record State(FileTime modified, long bytes, @Nullable Object identity) {
        static State of(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new State(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (IOException absent) {
                return new State(FileTime.fromMillis(0), -1, null);
            }
        }
    }

    private final Path file;
    private final Consumer<LoadResult> changed;
    private Object last;
    private @Nullable State read;
    private @Nullable State seen;

    /**
     * @param digest  of the configuration that was read last
     * @param changed told what reading it leads to, each time that this is something else
     */
    ConfigurationWatcher(Path file, String digest, Consumer<LoadResult> changed) {
        this.file = requireNonNull(file, "file is null");
        last = requireNonNull(digest, "digest is null");
        this.changed = requireNonNull(changed, "changed is null");
    }

    /** Looks once. Blocks while it reads. */
    void look() {
        State now = State.of(file);
        boolean atRest = now.equals(seen);
        seen = now;
        if (!atRest || now.equals(read)) {
            return;
        }
        read = now;
        LoadResult result = ConfigurationLoader.load(file);
        Object identity = identity(result);
        if (!identity.equals(last)) {
            last = identity;
            changed.accept(result);
        }
    }

    /** A configuration is told by its digest, so that none is kept. */
    private static Object identity(LoadResult result) {
        return switch (result) {
            case Configuration configuration -> configuration.digest();
            case ConfigurationErrors errors -> errors;
        };
    }
}
