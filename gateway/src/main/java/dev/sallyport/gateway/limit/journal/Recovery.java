package dev.sallyport.gateway.limit.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what earlier processes left in a directory: the checkpoint, then the files that are not part of it. */
final class Recovery implements CheckpointReader.Listener {
    private final Totals totals = new Totals(Map.of(), 1);
    private final Set<Long> folded = new HashSet<>();
    private final List<String> notices = new ArrayList<>();
    private final Map<Lineage, Long> ordinals = new HashMap<>();
    private final List<Long> sequences = new ArrayList<>();
    private long nextSequence = 1;
    private long records;

    /** The files of one writer of one process. */
    private record Lineage(long run, long writer) {}

    private Recovery() {}

    /** @throws JournalException when something is damaged */
    static Recovery of(JournalDirectory directory) throws IOException {
        Recovery recovery = new Recovery();
        if (Files.exists(directory.checkpoint())) {
            CheckpointReader.read(directory.checkpoint(), recovery);
        }
        for (Path file : directory.files()) {
            recovery.replay(file);
        }
        if (recovery.totals.unknown() > 0) {
            recovery.notices.add("%s: %d settlements are not counted, whose reservations are lost"
                    .formatted(directory.path(), recovery.totals.unknown()));
        }
        return recovery;
    }

    private void replay(Path file) throws IOException {
        Replay.Replayed replayed = Replay.replay(file, folded, totals);
        FileHeader header = replayed.header();
        sequences.add(header.sequence());
        nextSequence = Math.max(nextSequence, header.sequence() + 1);
        if (replayed.folded()) {
            return;
        }
        records += replayed.records();
        if (replayed.repaired() != null) {
            notices.add(replayed.repaired());
        }
        Long before = ordinals.put(new Lineage(header.run(), header.writer()), header.ordinal());
        if (before != null && header.ordinal() != before + 1) {
            throw Replay.damaged(file, 0, "a file is missing that was written before it");
        }
    }

    @Override
    public void begin(long number, long sequence) {
        totals.atLeast(number);
        nextSequence = sequence;
    }

    @Override
    public void folded(long sequence) {
        folded.add(sequence);
    }

    @Override
    public void open(OpenReservation reservation) {
        totals.reserved(reservation);
    }

    @Override
    public void total(AccountWindow window, long amount) {
        totals.add(window, amount);
    }

    Totals totals() {
        return totals;
    }

    List<String> notices() {
        return notices;
    }

    /** The files that were found, whether or not they are part of the checkpoint. */
    List<Long> sequences() {
        return sequences;
    }

    long nextSequence() {
        return nextSequence;
    }

    /** How many records were not part of the checkpoint. */
    long records() {
        return records;
    }
}
