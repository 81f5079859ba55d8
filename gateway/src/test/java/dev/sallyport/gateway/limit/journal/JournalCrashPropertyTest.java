package dev.sallyport.gateway.limit.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.testing.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random reservations, settlements, new files, folds, restarts and crashes beside a model that is a map. Whatever happens,
 * a process that starts then knows exactly what was spent and what is open. A failure names its seed; run that alone.
 */
final class JournalCrashPropertyTest {
    private static final int STEPS = 1_500;
    private static final int WRITERS = 3;

    private final ManualTime time = new ManualTime();
    private final Map<AccountWindow, Long> spent = new HashMap<>();
    private final Map<Long, OpenReservation> open = new HashMap<>();
    /** Those of the running process, by writer. */
    private final List<List<Long>> unsettled = new ArrayList<>();
    private int copies;

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void knowsExactlyWhatWasSpentWheneverItCrashes(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Path directory = temporary.resolve("journal");
        Journal journal = start(directory, random);
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(100)) {
                case 0 -> {
                    journal.close();
                    assertKnown(journal(directory, random), "seed %d, step %d, closed".formatted(seed, step));
                    journal = start(directory, random);
                }
                case 1 -> {
                    Path crashed = copy(directory);
                    journal.close();
                    directory = crashed;
                    journal = start(directory, random);
                }
                case 2, 3 -> assertKnown(journal(copy(directory), random), "seed %d, step %d".formatted(seed, step));
                case 4, 5, 6 ->
                        foldAndCrashWithin(journal, directory, random, "seed %d, step %d".formatted(seed, step));
                case 7 -> pass(Duration.ofSeconds(random.nextInt(20)));
                default -> operate(journal, random);
            }
        }
        journal.close();
    }

    private void operate(Journal journal, SplittableRandom random) {
        int index = random.nextInt(WRITERS);
        JournalWriter writer = journal.writer(index);
        List<Long> mine = unsettled.get(index);
        journal.supply();
        if (mine.isEmpty() || mine.size() < 5 && random.nextBoolean()) {
            List<JournalEntry> entries = entries(random);
            long deadline = time.epochMillis() + random.nextInt(30_000);
            long id = writer.reserve(deadline, entries);
            assertThat(open.put(id, new OpenReservation(id, deadline, entries))).isNull();
            mine.add(id);
        } else {
            long id = mine.remove(random.nextInt(mine.size()));
            List<JournalEntry> entries = requireNonNull(open.remove(id)).entries();
            long[] used = entries.stream().mapToLong(each -> random.nextLong(each.amount() + 3)).toArray();
            writer.settle(id, used);
            for (int i = 0; i < used.length; i++) {
                spent.merge(entries.get(i).window(), used[i], Long::sum);
            }
        }
    }

    private List<JournalEntry> entries(SplittableRandom random) {
        List<JournalEntry> entries = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            long start = time.epochMillis() / 10_000 * 10_000;
            AccountWindow window = random.nextBoolean()
                    ? TestingJournal.window("account " + random.nextInt(6))
                    : new AccountWindow("account " + random.nextInt(6), start, start + 10_000);
            entries.add(new JournalEntry(window, random.nextInt(1_000)));
        }
        return entries;
    }

    /** Composes what lies in the directory when the process dies in the middle of a fold. */
    private void foldAndCrashWithin(Journal journal, Path directory, SplittableRandom random, String when)
            throws IOException {
        Path before = copy(directory);
        journal.maintain();
        Path after = copy(directory);
        Path checkpoint = after.resolve("checkpoint");
        if (Files.exists(checkpoint)) {
            Path unfinished = copy(before);
            byte[] bytes = Files.readAllBytes(checkpoint);
            Files.write(unfinished.resolve("checkpoint.new"),
                    Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            assertKnown(journal(unfinished, random), when + ", before the new checkpoint was whole");

            Path undeleted = copy(before);
            Files.copy(checkpoint, undeleted.resolve("checkpoint"), StandardCopyOption.REPLACE_EXISTING);
            for (Path each : TestingJournal.files(undeleted)) {
                if (!Files.exists(after.resolve(each.getFileName())) && random.nextBoolean()) {
                    Files.delete(each);
                }
            }
            assertKnown(journal(undeleted, random), when + ", before all folded files were deleted");
        }
        assertKnown(journal(after, random), when + ", after a fold");
    }

    private void assertKnown(Journal journal, String when) throws IOException {
        try (journal) {
            Map<AccountWindow, Long> expected = new HashMap<>(spent);
            expected.keySet().removeIf(each -> each.ended(time.epochMillis()));
            assertThat(journal.recovered().spent()).as(when).isEqualTo(expected);
            assertThat(journal.recovered().open()).as(when).containsExactlyInAnyOrderElementsOf(
                    open.values().stream().filter(each -> each.deadlineEpochMillis() > time.epochMillis()).toList());
            assertThat(journal.recovered().notices()).as(when).isEmpty();
        }
    }

    private void pass(Duration duration) {
        time.pass(duration);
    }

    /** A new process: what was open stays so until its deadline, and can no longer be settled. */
    private Journal start(Path directory, SplittableRandom random) {
        unsettled.clear();
        for (int i = 0; i < WRITERS; i++) {
            unsettled.add(new ArrayList<>());
        }
        open.values().removeIf(each -> each.deadlineEpochMillis() <= time.epochMillis());
        return journal(directory, random);
    }

    private Journal journal(Path directory, SplittableRandom random) {
        JournalSettings settings =
                new JournalSettings(TestingJournal.FILE_BYTES, random.nextInt(2 * TestingJournal.FILE_BYTES), 1, false);
        return Journal.open(directory, time, WRITERS, settings, Allocation.ZEROS);
    }

    private Path copy(Path directory) {
        return TestingJournal.copy(directory, temporary.resolve("copy" + copies++));
    }
}
