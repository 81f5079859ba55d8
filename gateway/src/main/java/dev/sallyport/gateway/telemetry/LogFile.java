package dev.sallyport.gateway.telemetry;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file that is appended to and that others may move away: before a write, at most once a second, it looks whether its
 * path still names the same file and opens a new one when not. Made readable by owner and group only.
 */
final class LogFile extends OutputStream {
    private static final Set<StandardOpenOption> OPTIONS =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path path;
    private final Time time;
    private FileChannel channel;
    private @Nullable Object key;
    private long checkedNanos;

    LogFile(Path path, Time time) throws IOException {
        this.path = requireNonNull(path, "path is null");
        this.time = requireNonNull(time, "time is null");
        channel = FileChannel.open(path, OPTIONS, attributes());
        key = keyOf(path);
        checkedNanos = time.nanos();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[]{(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        long now = time.nanos();
        if (now - checkedNanos >= CHECK_NANOS) {
            checkedNanos = now;
            reopenWhenMoved();
        }
        ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void reopenWhenMoved() throws IOException {
        Object found = keyOf(path);
        if (found != null && found.equals(key)) {
            return;
        }
        FileChannel reopened = FileChannel.open(path, OPTIONS, attributes());
        channel.close();
        channel = reopened;
        key = keyOf(path);
    }

    /** What tells two files apart; null when there is none, or the platform has no such thing. */
    private static @Nullable Object keyOf(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    private static FileAttribute<?>[] attributes() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[]{
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))}
                : new FileAttribute<?>[0];
    }
}
