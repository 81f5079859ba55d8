package dev.sallyport.gateway.limit.journal;

import static dev.sallyport.gateway.limit.journal.TestingJournal.entry;
import static dev.sallyport.gateway.limit.journal.TestingJournal.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sallyport.gateway.testing.ManualTime;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A disk that is full, for a while: reservations are refused, and nothing that was noted is lost. */
final class JournalFullDiskTest {
    private final ManualTime time = new ManualTime();
    private boolean full;
    private final Allocation allocation = (channel, bytes) -> {
        if (full) {
            throw new IOException("No space left on device");
        }
        Allocation.ZEROS.allocate(channel, bytes);
    };

    @TempDir
    private Path temporary;

    @Test
    void refusesReservationsUntilThereIsRoomAgain() throws IOException {
        try (Journal journal = open()) {
            JournalWriter writer = journal.writer(0);
            full = true;
            long taken = 0;
            while (taken < 1_000 && spendOne(writer)) {
                taken++;
                journal.supply();
            }
            assertThat(taken).isBetween(5L, 50L);
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> writer.reserve(0, List.of(entry("caller", 1))))
                        .isInstanceOf(JournalException.class)
                        .hasMessageContaining("takes no reservation");
            }
            assertThat(journal.figures().refused()).isEqualTo(11);
            assertThat(journal.figures().failures()).isPositive();
            assertThat(recoverCopy().spent()).isEqualTo(Map.of(window("caller"), taken));
            assertThat(TestingJournal.list(directory(), ".new")).isEmpty();

            full = false;
            assertThat(journal.supply()).isTrue();
            assertThat(spendOne(writer)).isTrue();
            assertThat(recoverCopy().spent()).isEqualTo(Map.of(window("caller"), taken + 1));
        }
    }

    @Test
    void aSettlementAlwaysFindsRoom() throws IOException {
        try (Journal journal = open()) {
            JournalWriter writer = journal.writer(0);
            full = true;
            List<Long> open = new ArrayList<>();
            assertThatThrownBy(() -> {
                while (open.size() < 1_000) {
                    open.add(writer.reserve(Long.MAX_VALUE, List.of(entry("caller", 1), entry("model", 2))));
                }
            }).isInstanceOf(JournalException.class);

            open.forEach(each -> writer.settle(each, new long[]{1, 2}));

            assertThat(open).isNotEmpty();
            assertThat(recoverCopy().spent()).isEqualTo(
                    Map.of(window("caller"), (long) open.size(), window("model"), 2L * open.size()));
            assertThat(recoverCopy().open()).isEmpty();
        }
    }

    @Test
    void keepsRoomInTheNextFileForWhatTheOneBeforeHasOpened() throws IOException {
        try (Journal journal = open()) {
            JournalWriter writer = journal.writer(0);
            List<Long> open = new ArrayList<>();
            assertThatThrownBy(() -> {
                while (open.size() < 1_000) {
                    journal.supply();
                    open.add(writer.reserve(Long.MAX_VALUE, List.of(entry("caller", 1))));
                }
            }).isInstanceOf(JournalException.class).hasMessageContaining("too many reservations are open");

            open.forEach(each -> writer.settle(each, new long[]{1}));

            assertThat(recoverCopy().spent()).isEqualTo(Map.of(window("caller"), (long) open.size()));
        }
    }

    @Test
    void doesNotOpenWithoutRoom() {
        full = true;

        assertThatThrownBy(this::open)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(directory() + ": the spending journal cannot be used")
                .hasMessageContaining("No space left on device");
    }

    @Test
    void keepsFilesThatCannotBeFoldedUntilTheyCan() throws IOException {
        try (Journal journal = open()) {
            Path obstacle = Files.createDirectory(directory().resolve("checkpoint.new"));
            Files.createDirectory(obstacle.resolve("in-the-way"));
            JournalWriter writer = journal.writer(0);
            for (int i = 0; i < 60; i++) {
                journal.supply();
                assertThat(spendOne(writer)).isTrue();
                journal.maintain();
            }
            assertThat(journal.figures().folds()).isZero();
            assertThat(journal.figures().failures()).isPositive();
            int files = TestingJournal.files(directory()).size();
            assertThat(files).isGreaterThan(3);

            Files.delete(obstacle.resolve("in-the-way"));
            Files.delete(obstacle);
            journal.maintain();

            assertThat(journal.figures().folds()).isOne();
            assertThat(TestingJournal.files(directory())).hasSizeLessThan(files);
            assertThat(recoverCopy().spent()).isEqualTo(Map.of(window("caller"), 60L));
        }
    }

    /** As on a file system on which writing zeros reserves no room: the pages are gone when they are written to. */
    @Test
    void refusesWhenTheMemoryOfItsFileFails() throws IOException {
        JournalSettings large = new JournalSettings(1 << 20, Long.MAX_VALUE, 1, false);
        Journal journal = Journal.open(directory(), time, 1, large, Allocation.ZEROS);
        JournalWriter writer = journal.writer(0);
        for (int i = 0; i < 5_000; i++) {
            assertThat(spendOne(writer)).isTrue();
        }
        long open = writer.reserve(Long.MAX_VALUE, List.of(entry("caller", 1)));
        try (FileChannel file =
                FileChannel.open(TestingJournal.files(directory()).getFirst(), StandardOpenOption.WRITE)) {
            file.truncate(4_096);
        }

        assertThat(spendOne(writer)).isFalse();
        assertThatThrownBy(() -> writer.settle(open, new long[]{1})).isInstanceOf(JournalException.class);
        assertThatThrownBy(journal::close).isInstanceOf(JournalException.class);
    }

    @Test
    void complainsOnceAMinute() throws IOException {
        Logger logger = (Logger) LoggerFactory.getLogger(Journal.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try (Journal journal = open()) {
            full = true;
            for (int i = 0; i < 100; i++) {
                journal.supply();
            }
            assertThat(lines.list).singleElement().satisfies(line -> assertThat(line.getFormattedMessage())
                    .contains(directory().toString(), "No space left on device"));
            time.pass(Duration.ofMinutes(1));
            journal.supply();
            assertThat(lines.list).hasSize(2);
        } finally {
            logger.detachAppender(lines);
        }
    }

    private boolean spendOne(JournalWriter writer) {
        try {
            writer.settle(writer.reserve(Long.MAX_VALUE, List.of(entry("caller", 1))), new long[]{1});
            return true;
        } catch (JournalException refused) {
            return false;
        }
    }

    private Path directory() {
        return temporary.resolve("journal");
    }

    private Journal open() {
        return Journal.open(directory(), time, 1, TestingJournal.SMALL, allocation);
    }

    private Recovered recoverCopy() throws IOException {
        Path copy = TestingJournal.copy(directory(), Files.createTempDirectory(temporary, "copy").resolve("journal"));
        try (Journal journal = TestingJournal.open(copy, time, 1)) {
            return journal.recovered();
        }
    }
}
