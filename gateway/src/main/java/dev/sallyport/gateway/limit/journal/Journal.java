package dev.sallyport.gateway.limit.journal;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only journal of what was reserved and settled, in a directory that one process uses at a time. Each of its
 * writers, one per event loop, appends to a file of its own without locks; files that are full are folded into a checkpoint.
 *
 * <p>What a writer has noted survives {@code kill -9} at any moment. A power failure may take what was noted in the last
 * 50 ms, and what a file system lost that was told to keep it.
 */
public final class Journal implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Journal.class);

    private final JournalDirectory directory;
    private final JournalSettings settings;
    private final Allocation allocation;
    private final Complaints complaints;
    private final Checkpoints checkpoints;
    private Recovered recovered;
    private final long run;
    private final AtomicLong nextSequence;
    private final List<JournalWriter> writers = new ArrayList<>();
    private final long[] ordinals;
    /** Files that are full, as the writers left them. */
    private final Queue<JournalFile> finished = new ConcurrentLinkedQueue<>();
    /** Those of them that are not yet folded; only whoever maintains the journal touches them. */
    private final Deque<JournalFile> pending = new ArrayDeque<>();
    private final AtomicLong bytesFinished = new AtomicLong();
    private final AtomicLong folds = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final @Nullable JournalThreads threads;
    private boolean closed;

    /**
     * Opens the journal in {@code directory}, which is made when it is missing, and reads what it holds.
     *
     * @param writers how many threads will write, at least 1
     * @throws JournalException when another process uses it, when it is damaged, or when it cannot be written
     */
    public static Journal open(Path directory, Time time, int writers) {
        return open(directory, time, writers, JournalSettings.STANDARD, Allocation.ZEROS);
    }

    static Journal open(Path path, Time time, int writers, JournalSettings settings, Allocation allocation) {
        JournalDirectory directory = null;
        try {
            directory = JournalDirectory.open(path);
            return new Journal(directory, time, writers, settings, allocation);
        } catch (IOException failure) {
            close(directory);
            throw new JournalException(
                    ("%s: the spending journal cannot be used: %s; give this process a directory into which it"
                            + " can write, in `spending.journal`").formatted(path, failure),
                    failure);
        } catch (RuntimeException failure) {
            close(directory);
            throw failure;
        }
    }

    private Journal(JournalDirectory directory, Time time, int writers, JournalSettings settings, Allocation allocation)
            throws IOException {
        this.directory = directory;
        this.settings = settings;
        this.allocation = allocation;
        complaints = new Complaints(LOGGER, requireNonNull(time, "time is null"));
        Recovery recovery = Recovery.of(directory);
        checkpoints = Checkpoints.begin(directory, time, recovery);
        recovered = new Recovered(recovery.totals().spent(), recovery.totals().openReservations(), recovery.notices());
        run = recovery.nextSequence();
        nextSequence = new AtomicLong(run);
        ordinals = new long[writers];
        for (int i = 0; i < writers; i++) {
            this.writers.add(new JournalWriter(this, create(i), checkpoints.firstNumber() + i, writers));
        }
        threads = settings.background() ? new JournalThreads(this, settings.forceNanos()) : null;
    }

    /** What the journal held when it was opened; nothing once it was {@link #forgetRecovered forgotten}. */
    public Recovered recovered() {
        return recovered;
    }

    /** Gives back the memory of what was recovered, which somebody else has taken over. */
    public void forgetRecovered() {
        recovered = new Recovered(Map.of(), List.of(), List.of());
    }

    /** @param index from 0, below the number of writers; each is for one thread alone */
    public JournalWriter writer(int index) {
        return writers.get(index);
    }

    public JournalFigures figures() {
        long records = 0;
        long bytes = bytesFinished.get();
        long refused = 0;
        for (JournalWriter each : writers) {
            records += each.records();
            refused += each.refused();
            bytes += each.file().bytes();
        }
        return new JournalFigures(records, bytes, folds.get(), failures.get(), refused);
    }

    void finished(JournalFile full) {
        bytesFinished.addAndGet(full.bytes());
        finished.add(full);
    }

    void spareWanted() {
        if (threads != null) {
            threads.spareWanted();
        }
    }

    private JournalFile create(int writer) throws IOException {
        long sequence = nextSequence.getAndIncrement();
        JournalFile file = JournalFile.create(directory, new FileHeader(sequence, run, writer, ordinals[writer]),
                settings.fileBytes(), allocation);
        ordinals[writer]++;
        return file;
    }

    /** Makes the files that writers will go on with; whether there is one for each. */
    boolean supply() {
        boolean all = true;
        for (int i = 0; i < writers.size(); i++) {
            JournalWriter writer = writers.get(i);
            if (!writer.wantsSpare()) {
                continue;
            }
            try {
                writer.spare(create(i));
            } catch (IOException | RuntimeException | Error failure) { // whatever it is, the thread must go on
                all = false;
                failures.incrementAndGet();
                complaints.report(directory.path() + ": no file can be made for the spending journal; calls that have a"
                        + " quota or budget are refused when the one in use is full: " + failure);
            }
        }
        return all;
    }

    /** Forces what was appended to the disk, and folds what is finished when it is worth it. */
    void maintain() {
        for (JournalFile full = finished.poll(); full != null; full = finished.poll()) {
            pending.add(full);
        }
        try {
            pending.forEach(JournalFile::force);
            writers.forEach(each -> each.file().force());
            long bytes = pending.stream().mapToLong(JournalFile::bytes).sum();
            if (!pending.isEmpty() && bytes >= Math.max(settings.foldBytesMin(), checkpoints.bytes())) {
                fold();
            }
        } catch (IOException | RuntimeException | Error failure) {
            failures.incrementAndGet();
            complaints.report(directory.path() + ": the spending journal cannot be brought to the disk: " + failure);
        }
    }

    private void fold() throws IOException {
        checkpoints.fold(List.copyOf(pending), nextSequence.get());
        folds.incrementAndGet();
        pending.forEach(JournalFile::close);
        pending.clear();
    }

    /** Ends the journal; the writers must have ended before. What they noted becomes one checkpoint. A second request does nothing. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (threads != null) {
            threads.close();
        }
        maintain();
        for (JournalWriter each : writers) {
            pending.add(each.file());
            JournalFile spare = each.takeSpare();
            if (spare != null) {
                pending.add(spare);
            }
        }
        try (directory) {
            fold();
        }
    }

    private static void close(@Nullable JournalDirectory directory) {
        try {
            if (directory != null) {
                directory.close();
            }
        } catch (IOException failure) {
            LOGGER.warn("The lock of the spending journal could not be given back", failure);
        }
    }
}
