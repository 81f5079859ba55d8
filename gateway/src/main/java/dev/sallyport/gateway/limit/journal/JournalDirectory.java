package dev.sallyport.gateway.limit.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The directory of one journal, which one process uses at a time. Only its owner may read it. */
final class JournalDirectory implements AutoCloseable {
    private static final String SUFFIX = ".journal";
    private static final String UNFINISHED = ".new";
    private static final String CHECKPOINT = "checkpoint";
    private static final String LOCK = "lock";
    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path path;
    private final FileChannel lock;

    private JournalDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Makes the directory when it is missing, and locks it. */
    static JournalDirectory open(Path path) throws IOException {
        Files.createDirectories(path, attributes("rwx------"));
        if (POSIX && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new JournalException(
                    ("%s: everybody may write into this directory of the spending journal, and so give himself"
                            + " a new budget; take that away with `chmod o-w`").formatted(path),
                    null);
        }
        FileChannel channel = FileChannel.open(path.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), attributes("rw-------"));
        try {
            if (lock(channel) == null) {
                throw new JournalException(("%s: another process uses this directory of the spending journal;"
                        + " end it, or name another directory in `spending.journal`").formatted(path), null);
            }
            JournalDirectory directory = new JournalDirectory(path, channel);
            directory.deleteUnfinished();
            return directory;
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) { // held by this process
            return null;
        }
    }

    private void deleteUnfinished() throws IOException {
        for (Path each : list(UNFINISHED)) {
            Files.delete(each);
        }
    }

    Path path() {
        return path;
    }

    Path file(long sequence) {
        return path.resolve(HexFormat.of().toHexDigits(sequence) + SUFFIX);
    }

    Path checkpoint() {
        return path.resolve(CHECKPOINT);
    }

    Path unfinished(Path finished) {
        return finished.resolveSibling(finished.getFileName() + UNFINISHED);
    }

    /** The journal files, the oldest first. */
    List<Path> files() throws IOException {
        return list(SUFFIX);
    }

    private List<Path> list(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(path)) {
            return all.filter(each -> each.toString().endsWith(suffix)).sorted().toList();
        }
    }

    FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ, StandardOpenOption.WRITE), attributes("rw-------"));
    }

    void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force();
    }

    /** Whether the file is gone. */
    boolean delete(Path file) {
        try {
            Files.deleteIfExists(file);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Forces names to the disk. */
    void force() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        return POSIX
                ? new FileAttribute<?>[]{
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
                : new FileAttribute<?>[0];
    }
}
