package dev.sallyport.gateway.limit.journal;

import dev.sallyport.gateway.call.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Folds finished files into the checkpoint: from the one before and these files it makes the next, then deletes them. Until
 * the next one has taken the place of the one before, nothing is deleted; from then on it names the files that are part of
 * it, so a crash at any moment neither loses a record nor counts it twice. Confined to one thread at a time.
 */
final class Checkpoints {
    private final JournalDirectory directory;
    private final Time time;
    private final long firstNumber;
    /** What is open, by the checkpoint. */
    private Map<Long, OpenReservation> open;
    private long nextNumber;
    /** Files that are part of the checkpoint and could not be deleted. */
    private List<Long> leftOver = new ArrayList<>();
    private long bytes;

    private Checkpoints(JournalDirectory directory, Time time, Totals totals) {
        this.directory = directory;
        this.time = time;
        firstNumber = totals.nextNumber();
        nextNumber = firstNumber;
        open = totals.open();
    }

    /** Begins with what was recovered, which becomes one checkpoint. */
    static Checkpoints begin(JournalDirectory directory, Time time, Recovery recovery) throws IOException {
        Totals totals = recovery.totals();
        long now = time.epochMillis();
        totals.release(totals.nextNumber(), now);
        totals.forgetEnded(now);
        Checkpoints checkpoints = new Checkpoints(directory, time, totals);
        if (recovery.records() > 0) {
            checkpoints.write(totals, recovery.sequences(), recovery.nextSequence(), false);
        } else if (Files.exists(directory.checkpoint())) {
            checkpoints.bytes = Files.size(directory.checkpoint());
        }
        checkpoints.delete(recovery.sequences());
        return checkpoints;
    }

    /** Above the number of every reservation that an earlier process made. */
    long firstNumber() {
        return firstNumber;
    }

    /** The size of the checkpoint. */
    long bytes() {
        return bytes;
    }

    /** @param files finished, the older before the newer of the same writer */
    void fold(List<JournalFile> files, long nextSequence) throws IOException {
        Totals totals = new Totals(open, nextNumber);
        List<Long> sequences = new ArrayList<>(leftOver);
        for (JournalFile file : files) {
            Replay.Replayed replayed = Replay.replay(file.path(), Set.of(), totals);
            if (replayed.repaired() != null) {
                throw new JournalException(replayed.repaired(), null);
            }
            sequences.add(file.sequence());
        }
        totals.release(firstNumber, time.epochMillis());
        write(totals, sequences, nextSequence, true);
        open = totals.open();
        nextNumber = totals.nextNumber();
        delete(sequences);
    }

    /** @param added whether the totals are to be added to those of the checkpoint before, or stand alone */
    private void write(Totals totals, List<Long> sequences, long nextSequence, boolean added) throws IOException {
        try (CheckpointWriter writer = new CheckpointWriter(directory)) {
            writer.begin(totals.nextNumber(), nextSequence);
            for (long sequence : sequences) {
                writer.folded(sequence);
            }
            for (OpenReservation each : totals.open().values()) {
                writer.open(each);
            }
            long now = time.epochMillis();
            if (added && Files.exists(directory.checkpoint())) {
                CheckpointReader.read(directory.checkpoint(), new Merge(totals, writer, now));
            }
            totals.forgetEnded(now);
            for (Map.Entry<AccountWindow, Long> each : totals.spent().entrySet()) {
                writer.total(each.getKey(), each.getValue());
            }
            bytes = writer.commit();
        }
    }

    private void delete(List<Long> sequences) throws IOException {
        leftOver = new ArrayList<>(sequences);
        leftOver.removeIf(each -> directory.delete(directory.file(each)));
        directory.force();
    }

    /** Passes the totals of the checkpoint before on to the next, with what is to be added. */
    private record Merge(Totals added, CheckpointWriter writer, long now) implements CheckpointReader.Listener {
        @Override
        public void begin(long nextNumber, long nextSequence) {}

        @Override
        public void folded(long sequence) {}

        @Override
        public void open(OpenReservation reservation) {}

        @Override
        public void total(AccountWindow window, long amount) throws IOException {
            Long more = added.spent().remove(window);
            if (!window.ended(now)) {
                writer.total(window, more == null ? amount : Totals.sum(amount, more));
            }
        }
    }
}
