package dev.sallyport.gateway.limit.journal;

import static dev.sallyport.gateway.limit.journal.TestingJournal.entry;
import static dev.sallyport.gateway.limit.journal.TestingJournal.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.testing.ManualTime;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of files that a crash has torn, and of files that something else has damaged. */
final class JournalDamageTest {
    private static final int FIRST_RECORD = FileHeader.BYTES;

    private final ManualTime time = new ManualTime();
    /** Where each record begins, and at last where the next would. */
    private final List<Integer> offsets = new ArrayList<>();
    /** What has been spent before the record of the same index. */
    private final List<Long> spentBefore = new ArrayList<>();
    private int copies;

    @TempDir
    private Path temporary;
    private byte[] unforced = new byte[0];
    private byte[] forced = new byte[0];

    @BeforeEach
    void writeOneFile() throws IOException {
        Path directory = temporary.resolve("written");
        try (Journal journal = TestingJournal.open(directory, time, 1)) {
            JournalWriter writer = journal.writer(0);
            offsets.addAll(List.of(FIRST_RECORD, FIRST_RECORD + Format.declareBytes("caller".length())));
            spentBefore.addAll(List.of(0L, 0L));
            for (int i = 1; i <= 3; i++) {
                long id = writer.reserve(time.epochMillis() + 60_000, List.of(entry("caller", 100 + i)));
                offsets.add(offsets.getLast() + Format.reserveBytes(1));
                spentBefore.add(spentBefore.getLast());
                writer.settle(id, new long[]{i});
                offsets.add(offsets.getLast() + Format.settleBytes(1));
                spentBefore.add(spentBefore.getLast() + i);
            }
            unforced = Files.readAllBytes(file(directory));
            journal.maintain();
            forced = Files.readAllBytes(file(directory));
        }
    }

    @Test
    void keepsWhatStandsBeforeATearAtEveryOffset() throws IOException {
        for (int cut = FIRST_RECORD; cut <= offsets.getLast(); cut++) {
            byte[] zeroed = unforced.clone();
            Arrays.fill(zeroed, cut, zeroed.length, (byte) 0);

            assertRecovers(Arrays.copyOf(unforced, cut), cut);
            assertRecovers(zeroed, cut);
        }
    }

    @Test
    void repairsADamagedLastRecord() throws IOException {
        for (int cut = offsets.get(offsets.size() - 2); cut < offsets.getLast(); cut++) {
            if (filling(cut)) {
                continue;
            }
            byte[] damaged = forced.clone();
            damaged[cut] ^= 0x10;

            Recovered recovered = recover(damaged);

            assertThat(recovered.notices()).as("damaged at %d", cut).singleElement().asString()
                    .contains(".journal: the last record, at byte " + offsets.get(offsets.size() - 2) + ", is torn");
            assertThat(recovered.open()).hasSize(1);
        }
    }

    @Test
    void refusesADamagedRecordThatOthersFollow() {
        for (int at = FIRST_RECORD; at < offsets.get(offsets.size() - 2); at++) {
            byte[] damaged = forced.clone();
            damaged[at] ^= 0x10;
            int record = offsets.get(recordAt(at));
            if (filling(at)) {
                continue;
            }

            assertThatThrownBy(() -> recover(damaged)).as("damaged at %d", at)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(".journal: at byte " + record)
                    .hasMessageContaining("put the file back from a copy, or move it away");
        }
    }

    @Test
    void refusesAFileThatLostMuchOfWhatWasForced() throws IOException {
        byte[] large = new byte[TestingJournal.FILE_BYTES + 2 * Format.PAYLOAD_BYTES_MAX];
        System.arraycopy(forced, 0, large, 0, offsets.get(3));
        MemorySegment claimed = MemorySegment.ofArray(new long[large.length / 8]);
        MemorySegment.copy(MemorySegment.ofArray(large), 0, claimed, 0, large.length);
        FileHeader.forced(claimed, large.length);
        byte[] damaged = claimed.toArray(ValueLayout.JAVA_BYTE);

        assertThatThrownBy(() -> recover(damaged))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("at byte " + offsets.get(3))
                .hasMessageContaining("bytes of records are missing");
    }

    @Test
    void survivesAPowerFailureThatLostAPageBeforeOthers() throws IOException {
        byte[] damaged = unforced.clone();
        Arrays.fill(damaged, offsets.get(4), offsets.get(6), (byte) 0);

        Recovered recovered = recover(damaged);

        assertThat(recovered.spent()).isEqualTo(Map.of(window("caller"), spentBefore.get(4)));
        assertThat(recovered.notices()).singleElement().asString()
                .contains("from byte " + offsets.get(4) + " on is dropped: a power failure");
    }

    @Test
    void refusesADamagedHeader() {
        for (int at = 0; at < 48; at++) {
            byte[] damaged = forced.clone();
            damaged[at] ^= 1;

            assertThatThrownBy(() -> recover(damaged)).as("damaged at %d", at)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(".journal: at byte 0, its header is damaged");
        }
    }

    @Test
    void refusesACheckpointThatIsDamagedOrCutAnywhere() throws IOException {
        byte[] checkpoint = Files.readAllBytes(temporary.resolve("written").resolve("checkpoint"));
        for (int at = 0; at < checkpoint.length; at++) {
            Path cut = directory();
            Files.write(cut.resolve("checkpoint"), Arrays.copyOf(checkpoint, at));

            assertThatThrownBy(() -> open(cut)).as("cut at %d", at)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(cut.resolve("checkpoint") + ": at byte ");
        }
    }

    @Test
    void refusesWhenAFileInTheMiddleIsMissing() throws IOException {
        Path directory = temporary.resolve("several");
        try (Journal journal = Journal.open(directory, time, 1,
                new JournalSettings(TestingJournal.FILE_BYTES, Long.MAX_VALUE, 1, false), Allocation.ZEROS)) {
            JournalWriter writer = journal.writer(0);
            for (int i = 0; i < 60; i++) {
                journal.supply();
                writer.settle(writer.reserve(0, List.of(entry("caller", 1))), new long[]{1});
            }
            Path copy = TestingJournal.copy(directory, temporary.resolve("missing"));
            Files.delete(TestingJournal.files(copy).get(1));

            assertThatThrownBy(() -> open(copy))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(TestingJournal.files(copy).get(1).toString())
                    .hasMessageContaining("a file is missing that was written before it");
        }
    }

    private void assertRecovers(byte[] torn, int cut) throws IOException {
        int whole = recordAt(cut);
        int begin = offsets.get(whole);
        boolean within = cut > begin && !blank(Arrays.copyOfRange(unforced, begin, cut));
        if (whole < offsets.size() - 1 && torn.length == unforced.length
                && Arrays.equals(torn, begin, offsets.get(whole + 1), unforced, begin, offsets.get(whole + 1))) {
            whole++; // only zeros were cut
            within = false;
        }

        Recovered recovered = recover(torn);

        long spent = spentBefore.get(whole);
        assertThat(recovered.spent()).as("cut at %d", cut)
                .isEqualTo(spent == 0 ? Map.of() : Map.of(window("caller"), spent));
        assertThat(recovered.open()).as("cut at %d", cut).hasSize(whole >= 2 && whole % 2 == 0 ? 1 : 0);
        assertThat(recovered.notices()).as("cut at %d", cut).hasSize(within ? 1 : 0);
    }

    private static boolean blank(byte[] bytes) {
        return Arrays.equals(bytes, new byte[bytes.length]);
    }

    /** Whether the byte at {@code offset} only fills its record up, and says nothing. */
    private boolean filling(int offset) {
        int record = offsets.get(recordAt(offset));
        return offset >= record + Format.WORD_BYTES + (forced[record] & 0xFF);
    }

    /** The index of the record of which the byte at {@code offset} is part. */
    private int recordAt(int offset) {
        int index = 0;
        while (index + 1 < offsets.size() && offsets.get(index + 1) <= offset) {
            index++;
        }
        return index;
    }

    private Recovered recover(byte[] file) throws IOException {
        Path directory = directory();
        Files.write(directory.resolve("0000000000000001.journal"), file);
        return open(directory);
    }

    private Recovered open(Path directory) throws IOException {
        try (Journal journal = TestingJournal.open(directory, time, 1)) {
            return journal.recovered();
        }
    }

    private Path directory() throws IOException {
        return Files.createDirectory(temporary.resolve("copy" + copies++));
    }

    private static Path file(Path directory) {
        return TestingJournal.files(directory).getFirst();
    }
}
