package dev.sallyport.gateway.limit.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file of fixed size, mapped into memory, that one writer appends to. What was appended survives the death of the process
 * at once, since it lies in the kernel's cache, and the death of the machine once it was forced.
 */
final class JournalFile {
    private static final VarHandle COMMIT = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle END = endHandle();

    private final Path path;
    private final FileHeader header;
    private final Arena arena;
    private final MemorySegment segment;
    /** Where the next record goes. */
    private long end = FileHeader.BYTES;
    private long forced = FileHeader.BYTES;

    private JournalFile(Path path, FileHeader header, Arena arena, MemorySegment segment) {
        this.path = path;
        this.header = header;
        this.arena = arena;
        this.segment = segment;
    }

    private static VarHandle endHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(JournalFile.class, "end", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Makes a file; it appears in the directory whole or not at all. */
    static JournalFile create(JournalDirectory directory, FileHeader header, int bytes, Allocation allocation)
            throws IOException {
        Path path = directory.file(header.sequence());
        Path unfinished = directory.unfinished(path);
        Arena arena = Arena.ofShared();
        try {
            MemorySegment segment;
            try (FileChannel channel = directory.create(unfinished)) {
                allocation.allocate(channel, bytes);
                segment = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
                header.write(segment);
                channel.force(true);
            }
            directory.rename(unfinished, path);
            return new JournalFile(path, header, arena, segment);
        } catch (IOException | RuntimeException | InternalError failure) {
            arena.close();
            directory.delete(unfinished);
            throw failure;
        }
    }

    boolean fits(long bytes) {
        return segment.byteSize() - end >= bytes;
    }

    /** Appends the record in {@code encoder}, which must fit. */
    void append(RecordEncoder encoder, int bytes) {
        long at = end;
        MemorySegment.copy(encoder.bytes(), Format.WORD_BYTES, segment, ValueLayout.JAVA_BYTE,
                at + Format.WORD_BYTES, bytes - Format.WORD_BYTES);
        COMMIT.setRelease(segment, at, encoder.word());
        END.setRelease(this, at + bytes);
    }

    /** Forces to the disk what was appended; by one thread only, any. Whether there was something. */
    boolean force() {
        long appended = (long) END.getAcquire(this);
        if (appended == forced) {
            return false;
        }
        segment.asSlice(forced, appended - forced).force();
        forced = appended;
        FileHeader.forced(segment, appended);
        return true;
    }

    /** How many bytes the records take. */
    long bytes() {
        return (long) END.getAcquire(this) - FileHeader.BYTES;
    }

    long sequence() {
        return header.sequence();
    }

    Path path() {
        return path;
    }

    /** Gives the mapping back; from then on nothing can be appended. */
    void close() {
        arena.close();
    }
}
