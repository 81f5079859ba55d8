package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.app.ReloadOutcome;
import dev.sallyport.testkit.TestGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal of spending as a part of the product: opened before anything listens, and closed after. */
final class SpendingJournalTest {
    @TempDir
    private Path temporary;

    @Test
    void isOpenWhileTheGatewayRunsAndUsedByNoOther() throws IOException {
        try (TestGateway gateway = TestGateway.start(configuration("spent"))) {
            assertThat(gateway.admin("/metrics")).contains("sallyport_journal_records_total 0.0",
                    "sallyport_journal_failures_total 0.0");
            assertThatThrownBy(() -> TestGateway.start(configuration("spent")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(temporary.resolve("spent") + ": another process uses this directory");
        }
        TestGateway.start(configuration("spent")).close();
    }

    @Test
    void doesNotStartOnAJournalThatIsDamaged() throws IOException {
        TestGateway.start(configuration("spent")).close();
        Files.write(temporary.resolve("spent").resolve("checkpoint"), new byte[]{1, 2, 3});

        assertThatThrownBy(() -> TestGateway.start(configuration("spent")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(temporary.resolve("spent").resolve("checkpoint") + ": at byte 0");
    }

    @Test
    void saysThatAnotherDirectoryNeedsARestart() throws IOException {
        try (TestGateway gateway = TestGateway.start(configuration("spent"))) {
            assertThat(gateway.reload(configuration("elsewhere")))
                    .isEqualTo(new ReloadOutcome.Applied(List.of("spending.journal")));
            assertThat(temporary.resolve("elsewhere")).doesNotExist();
        }
    }

    private String configuration(String directory) {
        return "spending: {journal: \"%s\"}\n".formatted(temporary.resolve(directory));
    }
}
