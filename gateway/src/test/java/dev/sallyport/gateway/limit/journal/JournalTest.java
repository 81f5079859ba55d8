package dev.sallyport.gateway.limit.journal;

import static dev.sallyport.gateway.limit.journal.TestingJournal.entry;
import static dev.sallyport.gateway.limit.journal.TestingJournal.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.testing.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    private final ManualTime time = new ManualTime();

    @TempDir
    private Path temporary;

    @Test
    void remembersWhatWasSettled() throws IOException {
        try (Journal journal = open("a")) {
            JournalWriter writer = journal.writer(0);
            long id = writer.reserve(later(60), List.of(entry("caller", 10), entry("model", 20)));
            writer.settle(id, new long[]{7, 25});
        }

        try (Journal journal = open("a")) {
            assertThat(journal.recovered().spent()).isEqualTo(Map.of(window("caller"), 7L, window("model"), 25L));
            assertThat(journal.recovered().open()).isEmpty();
            assertThat(journal.recovered().notices()).isEmpty();
        }
    }

    @Test
    void remembersWithoutBeingClosed() throws IOException {
        try (Journal journal = open("a")) {
            JournalWriter writer = journal.writer(0);
            writer.settle(writer.reserve(later(60), List.of(entry("caller", 10))), new long[]{7});
            writer.reserve(later(60), List.of(entry("caller", 30)));

            try (Journal after = openCopy("a", "b")) {
                assertThat(after.recovered().spent()).isEqualTo(Map.of(window("caller"), 7L));
                assertThat(after.recovered().open()).singleElement().satisfies(open -> {
                    assertThat(open.entries()).containsExactly(entry("caller", 30));
                    assertThat(open.deadlineEpochMillis()).isEqualTo(later(60));
                });
                assertThat(after.recovered().notices()).isEmpty();
            }
        }
    }

    @Test
    void releasesWhatWasReservedOnceItsDeadlineHasPassed() throws IOException {
        try (Journal journal = open("a")) {
            journal.writer(0).reserve(later(60), List.of(entry("caller", 30)));
        }

        time.pass(Duration.ofSeconds(59));
        try (Journal journal = open("a")) {
            assertThat(journal.recovered().open()).hasSize(1);
        }
        time.pass(Duration.ofSeconds(1));
        try (Journal journal = open("a")) {
            assertThat(journal.recovered().open()).isEmpty();
            assertThat(journal.recovered().spent()).isEmpty();
        }
    }

    @Test
    void countsACallThatOutlivesItsDeadline() throws IOException {
        try (Journal journal = open("a")) {
            JournalWriter writer = journal.writer(0);
            long id = writer.reserve(later(1), List.of(entry("caller", 30)));
            time.pass(Duration.ofMinutes(10));
            fill(journal, 100);
            writer.settle(id, new long[]{29});
        }

        try (Journal journal = open("a")) {
            assertThat(journal.recovered().spent()).containsEntry(window("caller"), 29L);
        }
    }

    @Test
    void settlesWhatAnEarlierFileReserved() throws IOException {
        try (Journal journal = open("a")) {
            JournalWriter writer = journal.writer(0);
            long id = writer.reserve(later(60), List.of(entry("caller", 30)));
            fill(journal, 100);
            assertThat(journal.figures().folds()).isPositive();
            writer.settle(id, new long[]{12});

            try (Journal after = openCopy("a", "b")) {
                assertThat(after.recovered().spent()).containsEntry(window("caller"), 12L);
                assertThat(after.recovered().spent()).containsEntry(window("other"), 100L);
                assertThat(after.recovered().open()).isEmpty();
            }
        }
    }

    @Test
    void forgetsWindowsThatHaveEnded() throws IOException {
        long now = time.epochMillis();
        AccountWindow day = new AccountWindow("caller", now, now + 1_000);
        AccountWindow month = new AccountWindow("caller", now, now + 9_000);
        try (Journal journal = open("a")) {
            JournalWriter writer = journal.writer(0);
            long id = writer.reserve(later(60), List.of(new JournalEntry(day, 3), new JournalEntry(month, 3)));
            writer.settle(id, new long[]{3, 3});
        }

        time.pass(Duration.ofSeconds(1));
        try (Journal journal = open("a")) {
            assertThat(journal.recovered().spent()).isEqualTo(Map.of(month, 3L));
        }
    }

    @Test
    void neverUsesAnIdTwiceInADirectory() throws IOException {
        long first;
        try (Journal journal = open("a")) {
            first = journal.writer(0).reserve(later(60), List.of(entry("caller", 30)));
        }
        try (Journal journal = Journal.open(temporary.resolve("a"), time, 3)) {
            for (int i = 0; i < 3; i++) {
                assertThat(journal.writer(i).reserve(later(60), List.of(entry("caller", 5)))).isNotEqualTo(first);
            }
        }
        try (Journal journal = open("a")) {
            assertThat(journal.recovered().open()).extracting(OpenReservation::id).doesNotHaveDuplicates().hasSize(4);
        }
    }

    @Test
    void stopsCountingAtTheHighestNumberInsteadOfGoingBelowZero() throws IOException {
        try (Journal journal = open("a")) {
            JournalWriter writer = journal.writer(0);
            for (int i = 0; i < 3; i++) {
                writer.settle(writer.reserve(later(60), List.of(entry("caller", 1))), new long[]{Long.MAX_VALUE / 2});
            }
        }

        try (Journal journal = open("a")) {
            assertThat(journal.recovered().spent()).containsEntry(window("caller"), Long.MAX_VALUE);
        }
    }

    @Test
    void refusesADirectoryThatIsInUse() throws IOException {
        try (Journal journal = open("a")) {
            assertThat(journal.recovered().notices()).isEmpty();
            assertThatThrownBy(() -> open("a"))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(temporary.resolve("a") + ": another process uses this directory")
                    .hasMessageContaining("spending.journal");
        }
        open("a").close();
    }

    @Test
    void letsNobodyElseReadIt() throws IOException {
        try (Journal journal = open("a")) {
            fill(journal, 100);
            assertThat(Files.getPosixFilePermissions(temporary.resolve("a")))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            for (Path each : TestingJournal.list(temporary.resolve("a"), "")) {
                assertThat(Files.getPosixFilePermissions(each)).as(each.toString())
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    @Test
    void refusesADirectoryIntoWhichEverybodyMayWrite() throws IOException {
        Path directory = Files.createDirectory(temporary.resolve("a"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> open("a"))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(directory + ": everybody may write into this directory");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void refusesAmountsThatMakeNoSense() throws IOException {
        try (Journal journal = open("a")) {
            JournalWriter writer = journal.writer(0);
            long id = writer.reserve(later(60), List.of(entry("caller", 1)));

            assertThatThrownBy(() -> entry("caller", -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.settle(id, new long[]{-1})).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.settle(id, new long[2])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.reserve(0, List.of())).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.reserve(0, List.of(entry("x".repeat(4_001), 1))))
                    .isInstanceOf(IllegalArgumentException.class);
            writer.settle(id, new long[]{1});
        }
    }

    private Journal open(String name) {
        return TestingJournal.open(temporary.resolve(name), time, 1);
    }

    private Journal openCopy(String name, String copy) {
        return TestingJournal.open(
                TestingJournal.copy(temporary.resolve(name), temporary.resolve(copy)), time, 1);
    }

    /** Spends 1 of another account, that many times. */
    private void fill(Journal journal, int times) {
        JournalWriter writer = journal.writer(0);
        for (int i = 0; i < times; i++) {
            journal.supply();
            writer.settle(writer.reserve(later(60), List.of(entry("other", 1))), new long[]{1});
            journal.maintain();
        }
    }

    private long later(int seconds) {
        return time.epochMillis() + seconds * 1_000L;
    }
}
