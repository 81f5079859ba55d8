package dev.sallyport.gateway.limit.journal;

import dev.sallyport.gateway.call.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Journals with small files and no threads of their own, and copies of their directories. */
final class TestingJournal {
    static final int FILE_BYTES = 1_024;
    static final JournalSettings SMALL = new JournalSettings(FILE_BYTES, 0, 1, false);

    private TestingJournal() {}

    static Journal open(Path directory, Time time, int writers) {
        return Journal.open(directory, time, writers, SMALL, Allocation.ZEROS);
    }

    static AccountWindow window(String account) {
        return new AccountWindow(account, 0, Long.MAX_VALUE);
    }

    static JournalEntry entry(String account, long amount) {
        return new JournalEntry(window(account), amount);
    }

    static List<Path> files(Path directory) {
        return list(directory, ".journal");
    }

    static List<Path> list(Path directory, String suffix) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(each -> each.toString().endsWith(suffix)).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What a process leaves that is killed now: the files as they are, and no lock. */
    static Path copy(Path directory, Path to) {
        try (Stream<Path> all = Files.list(directory)) {
            Files.createDirectories(to);
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(each.getFileName()));
            }
            return to;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
