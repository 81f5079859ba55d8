package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.limit.journal.Journal;
import dev.sallyport.gateway.limit.journal.JournalWriter;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives each event loop a writer of the journal for itself, when it first asks. */
final class JournalWriters {
    private final AtomicInteger taken = new AtomicInteger();
    private final FastThreadLocal<JournalWriter> own;

    JournalWriters(Journal journal) {
        own = new FastThreadLocal<>() {
            @Override
            protected JournalWriter initialValue() {
                return journal.writer(taken.getAndIncrement());
            }
        };
    }

    /** @throws IndexOutOfBoundsException when more threads ask than the journal has writers */
    JournalWriter own() {
        return own.get();
    }
}
