package dev.sallyport.gateway.limit.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/**
 * Real processes that are killed at random moments, while they start and recover included: the journal never knows less
 * than was acknowledged, and never more than was begun. {@code -Dsallyport.kills=1000} asks for more kills than usual.
 */
final class JournalKillTest {
    private static final int KILLS = Integer.getInteger("sallyport.kills", 60);
    private static final long SEED = Long.getLong("sallyport.kills.seed", 1);
    private static final int SIGKILL_STATUS = 128 + 9;
    private static final int START_SECONDS_MAX = 60;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @TempDir
    private Path temporary;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void neverKnowsLessThanAcknowledgedNorMoreThanBegun() throws IOException, InterruptedException {
        Path directory = temporary.resolve("journal");
        Acknowledgements acknowledgements = Acknowledgements.open(temporary.resolve("acknowledgements"));
        for (int kill = 1; kill <= KILLS; kill++) {
            Process process = start(directory);
            try {
                live(process, acknowledgements);
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.waitFor()).as("kill %d: %s", kill, output()).isEqualTo(SIGKILL_STATUS);
            if (kill % 3 == 0 || kill == KILLS) { // else the next process meets what this one left
                assertKnown(directory, acknowledgements, kill);
            }
        }
        assertThat(acknowledgements.of(Acknowledgements.SETTLED)).isGreaterThan(KILLS * 100L);
    }

    /** Lets the process live for a random time, or until it has done a random number of things. */
    private void live(Process process, Acknowledgements acknowledgements) throws InterruptedException {
        if (random.nextInt(4) == 0) {
            process.waitFor(random.nextInt(400), TimeUnit.MILLISECONDS);
            return;
        }
        long enough = acknowledgements.of(Acknowledgements.SETTLED) + 1 + random.nextInt(5_000);
        long began = System.nanoTime();
        while (acknowledgements.of(Acknowledgements.SETTLED) < enough && process.isAlive()) {
            assertThat(System.nanoTime() - began).as("nanoseconds without progress")
                    .isLessThan(TimeUnit.SECONDS.toNanos(START_SECONDS_MAX));
            process.waitFor(1, TimeUnit.MILLISECONDS);
        }
    }

    private static void assertKnown(Path directory, Acknowledgements acknowledgements, int kill) throws IOException {
        try (Journal journal = KilledProcess.open(directory)) {
            long spent = journal.recovered().spent().getOrDefault(KilledProcess.ACCOUNT, 0L);
            assertThat(spent).as("spent after kill %d", kill).isBetween(
                    acknowledgements.of(Acknowledgements.SPENT), acknowledgements.of(Acknowledgements.SPENDING));
            assertThat((long) journal.recovered().open().size()).as("open after kill %d", kill).isBetween(
                    acknowledgements.of(Acknowledgements.RESERVED) - acknowledgements.of(Acknowledgements.SETTLING),
                    acknowledgements.of(Acknowledgements.RESERVING) - acknowledgements.of(Acknowledgements.SETTLED));
        }
    }

    private Process start(Path directory) throws IOException {
        return new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx64m",
                "-cp", classPath(), KilledProcess.class.getName(),
                directory.toString(), temporary.resolve("acknowledgements").toString(), Long.toString(random.nextLong())))
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("output").toFile())
                .start();
    }

    private String output() {
        try {
            return Files.readString(temporary.resolve("output"));
        } catch (IOException failure) {
            return failure.toString();
        }
    }

    /** Only what the process needs, wherever the build has put it. */
    private static String classPath() {
        return String.join(File.pathSeparator, List.of(locationOf(KilledProcess.class), locationOf(Journal.class),
                locationOf(Logger.class)));
    }

    private static String locationOf(Class<?> type) {
        return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString();
    }
}
