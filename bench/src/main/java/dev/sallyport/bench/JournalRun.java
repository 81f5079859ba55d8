package dev.sallyport.bench;

import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.limit.journal.AccountWindow;
import dev.sallyport.gateway.limit.journal.Journal;
import dev.sallyport.gateway.limit.journal.JournalEntry;
import dev.sallyport.gateway.limit.journal.JournalException;
import dev.sallyport.gateway.limit.journal.JournalFigures;
import dev.sallyport.gateway.limit.journal.JournalWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Reservations and settlements of a journal in a directory, forced to its disk as in operation: how many a second, how long
 * one of them holds its event loop up, and how long the next start reads.
 *
 * <p>Arguments: directory, writers, seconds, settlements per second and writer (0: as many as go).
 */
final class JournalRun {
    private static final int ACCOUNTS = 1_000;
    private static final int SAMPLES_MAX = 4_000_000;
    private static final double NANOS_PER_MICRO = 1e3;

    private final JournalWriter writer;
    private final long interval;
    private final long end;
    private final long[] nanos = new long[SAMPLES_MAX];
    private final long[] used = {1, 2_000};
    private long settled;
    private long refused;

    private JournalRun(JournalWriter writer, long perSecond, long end) {
        this.writer = writer;
        interval = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.end = end;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[0]);
        int writers = Integer.parseInt(arguments[1]);
        int seconds = Integer.parseInt(arguments[2]);
        long perSecond = Long.parseLong(arguments[3]);
        Journal.open(directory, Time.SYSTEM, writers).close();
        Journal journal = Journal.open(directory, Time.SYSTEM, writers);
        run(journal, writers, 2, perSecond); // warms up
        JournalFigures before = journal.figures();
        List<JournalRun> runs = run(journal, writers, seconds, perSecond);
        JournalFigures after = journal.figures();
        report(runs, seconds, after.records() - before.records(), after.folds() - before.folds());
        journal.close();
        long began = System.nanoTime();
        try (Journal again = Journal.open(directory, Time.SYSTEM, writers)) {
            System.out.printf("opened again in %.0f ms, with %,d accounts%n", (System.nanoTime() - began) / 1e6,
                    again.recovered().spent().size());
        }
    }

    private static List<JournalRun> run(Journal journal, int writers, int seconds, long perSecond)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<JournalRun> runs = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            JournalRun run = new JournalRun(journal.writer(i), perSecond, end);
            runs.add(run);
            threads.add(Thread.ofPlatform().start(run::write));
        }
        for (Thread each : threads) {
            each.join();
        }
        return runs;
    }

    private void write() {
        List<List<JournalEntry>> calls = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            calls.add(List.of(new JournalEntry(new AccountWindow("caller/" + i + "/day", 0, Long.MAX_VALUE), 1),
                    new JournalEntry(new AccountWindow("caller/" + i + "/USD/month", 0, Long.MAX_VALUE), 2_000)));
        }
        long due = System.nanoTime();
        while (due < end) {
            long began = System.nanoTime();
            try {
                long id = writer.reserve(Long.MAX_VALUE, calls.get((int) (settled % ACCOUNTS)));
                writer.settle(id, used);
                if (settled < SAMPLES_MAX) {
                    nanos[(int) settled] = System.nanoTime() - began;
                }
                settled++;
            } catch (JournalException noRoom) {
                refused++;
                LockSupport.parkNanos(100_000);
            }
            due = interval == 0 ? System.nanoTime() : due + interval;
            while (System.nanoTime() < due) {
                Thread.onSpinWait();
            }
        }
    }

    private static void report(List<JournalRun> runs, int seconds, long records, long folds) {
        long settled = runs.stream().mapToLong(each -> each.settled).sum();
        long refused = runs.stream().mapToLong(each -> each.refused).sum();
        long[] all = runs.stream()
                .flatMapToLong(each -> Arrays.stream(each.nanos, 0, (int) Math.min(each.settled, SAMPLES_MAX)))
                .sorted().toArray();
        System.out.printf("%,d settlements/s, %,d records, %d folds, refused for want of a file %,d times%n",
                settled / seconds, records, folds, refused);
        System.out.printf("reserve and settle together, µs: p50 %.2f, p99 %.2f, p99.9 %.2f, p99.99 %.0f, max %.0f%n",
                at(all, 0.5), at(all, 0.99), at(all, 0.999), at(all, 0.9999), at(all, 1));
    }

    private static double at(long[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted[(int) Math.min(sorted.length - 1, (long) (sorted.length * share))] / NANOS_PER_MICRO;
    }
}
