package dev.sallyport.gateway.limit.journal;

import dev.sallyport.gateway.call.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/** A process that reserves and settles as fast as it can, says so in {@link Acknowledgements}, and lives until it is killed. */
final class KilledProcess {
    static final AccountWindow ACCOUNT = TestingJournal.window("caller");
    /** So small that files are finished and folded all the time. */
    private static final JournalSettings SETTINGS = new JournalSettings(32 << 10, 64 << 10, 2_000_000, true);
    private static final int OPEN_MAX = 20;
    private static final int AMOUNT_MAX = 100;

    private final JournalWriter writer;
    private final Acknowledgements acknowledgements;
    private final SplittableRandom random;
    private final Deque<Long> open = new ArrayDeque<>();

    private KilledProcess(JournalWriter writer, Acknowledgements acknowledgements, long seed) {
        this.writer = writer;
        this.acknowledgements = acknowledgements;
        random = new SplittableRandom(seed);
    }

    /** @param arguments the journal's directory, the file of the acknowledgements, a seed */
    public static void main(String[] arguments) throws IOException {
        Acknowledgements acknowledgements = Acknowledgements.open(Path.of(arguments[1]));
        Journal journal = open(Path.of(arguments[0]));
        new KilledProcess(journal.writer(0), acknowledgements, Long.parseLong(arguments[2])).run();
    }

    static Journal open(Path directory) {
        return Journal.open(directory, Time.SYSTEM, 1, SETTINGS, Allocation.ZEROS);
    }

    private void run() {
        while (true) {
            if (open.isEmpty() || open.size() < OPEN_MAX && random.nextBoolean()) {
                reserve();
            } else {
                settle();
            }
        }
    }

    private void reserve() {
        List<JournalEntry> entries = List.of(new JournalEntry(ACCOUNT, random.nextInt(AMOUNT_MAX)));
        acknowledgements.add(Acknowledgements.RESERVING, 1);
        while (true) {
            try {
                open.add(writer.reserve(Long.MAX_VALUE, entries));
                break;
            } catch (JournalException noFileYet) {
                Thread.onSpinWait();
            }
        }
        acknowledgements.add(Acknowledgements.RESERVED, 1);
    }

    private void settle() {
        long used = random.nextInt(AMOUNT_MAX);
        acknowledgements.add(Acknowledgements.SETTLING, 1);
        acknowledgements.add(Acknowledgements.SPENDING, used);
        writer.settle(open.remove(), new long[]{used});
        acknowledgements.add(Acknowledgements.SPENT, used);
        acknowledgements.add(Acknowledgements.SETTLED, 1);
    }
}
