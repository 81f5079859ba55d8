package dev.sallyport.gateway.limit.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Counters in a mapped file, by which a process tells another what it has begun and what it has done, until it is killed. */
final class Acknowledgements {
    static final int RESERVING = 0;
    static final int RESERVED = 8;
    static final int SETTLING = 16;
    static final int SETTLED = 24;
    static final int SPENDING = 32;
    static final int SPENT = 40;

    private static final int BYTES = 48;
    private static final VarHandle COUNTER = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment segment;

    private Acknowledgements(MemorySegment segment) {
        this.segment = segment;
    }

    static Acknowledgements open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return new Acknowledgements(channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, Arena.global()));
        }
    }

    void add(int counter, long amount) {
        COUNTER.setVolatile(segment, (long) counter, of(counter) + amount);
    }

    long of(int counter) {
        return (long) COUNTER.getVolatile(segment, (long) counter);
    }
}
