package dev.sallyport.gateway.inspect.multipart;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.inspect.media.MediaType;
import org.jspecify.annotations.Nullable;

/**
 * One part of a multipart body.
 *
 * @param number    from 1
 * @param name      of the field
 * @param fileName  null when the part is no file
 * @param type      null when the part names none
 * @param headStart of its header section, from the first byte of the body
 * @param start     of its content, likewise
 * @param length    of its content, in bytes
 */
public record Part(int number, String name, @Nullable String fileName, @Nullable MediaType type, int headStart,
        int start, int length) {
    public Part {
        requireNonNull(name, "name is null");
    }

    /** How an error calls it. */
    public String shown() {
        return "part " + number + " '" + name + "'";
    }

    public boolean isFile() {
        return fileName != null;
    }
}
