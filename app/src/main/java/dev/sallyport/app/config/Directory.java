package dev.sallyport.app.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The directory of the configuration file, to which the paths in it are relative. */
record Directory(Path path) {
    Path resolve(String file) {
        return path.resolve(file).normalize();
    }

    /** The file that {@code key} names; null, and an error, when it cannot be read. */
    @Nullable
    Path readable(SectionReader reader, Key<String> key) {
        String file = reader.optional(key);
        return file == null ? null : readable(reader, file, reader.position(key));
    }

    /** The file of that name; null, and an error at {@code position}, when it cannot be read. */
    @Nullable
    Path readable(SectionReader reader, String file, Position position) {
        try {
            Path resolved = resolve(file);
            if (Files.isRegularFile(resolved) && Files.isReadable(resolved)) {
                return resolved;
            }
            reader.error(FindingCode.FILE_MISSING, position,
                    reader.path() + ": there is no readable file " + Shown.quoted(resolved.toString())
                            + "; correct the path, or let the user that runs the gateway read it");
        } catch (InvalidPathException invalid) {
            reader.error(FindingCode.VALUE, position,
                    reader.path() + ": " + Shown.quoted(file) + " is not the path of a file");
        }
        return null;
    }
}
