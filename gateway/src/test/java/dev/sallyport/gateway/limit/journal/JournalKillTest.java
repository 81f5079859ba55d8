package dev.sallyport.gateway.limit.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
    /** How many processes live at a time. */
    private static final int LANES = 3;
    private static final int SIGKILL_STATUS = 128 + 9;
    private static final int START_SECONDS_MAX = 60;

    @TempDir
    private Path temporary;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void neverKnowsLessThanAcknowledgedNorMoreThanBegun() throws Exception {
        List<Callable<Void>> lanes = IntStream.range(0, LANES).<Callable<Void>>mapToObj(number -> () -> {
            new Lane(Files.createDirectory(temporary.resolve("lane" + number)), SEED * LANES + number)
                    .kill((KILLS + LANES - 1) / LANES);
            return null;
        }).toList();
        try (ExecutorService executor = Executors.newFixedThreadPool(LANES)) {
            for (Future<Void> each : executor.invokeAll(lanes)) {
                each.get();
            }
        }
    }

    /** One directory, and the processes that use it one after the other. */
    private record Lane(Path directory, SplittableRandom random) {
        private Lane(Path directory, long seed) {
            this(directory, new SplittableRandom(seed));
        }

        private void kill(int times) throws IOException, InterruptedException {
            Acknowledgements acknowledgements = Acknowledgements.open(directory.resolve("acknowledgements"));
            for (int kill = 1; kill <= times; kill++) {
                Process process = start();
                try {
                    live(process, acknowledgements);
                } finally {
                    process.destroyForcibly();
                }
                assertThat(process.waitFor()).as("kill %d: %s", kill, output()).isEqualTo(SIGKILL_STATUS);
                if (kill % 3 == 0 || kill == times) { // else the next process meets what this one left
                    assertKnown(acknowledgements, kill);
                }
            }
            assertThat(acknowledgements.of(Acknowledgements.SETTLED)).isGreaterThan(times * 100L);
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

        private void assertKnown(Acknowledgements acknowledgements, int kill) throws IOException {
            try (Journal journal = KilledProcess.open(journal())) {
                long spent = journal.recovered().spent().getOrDefault(KilledProcess.ACCOUNT, 0L);
                assertThat(spent).as("spent after kill %d", kill).isBetween(
                        acknowledgements.of(Acknowledgements.SPENT), acknowledgements.of(Acknowledgements.SPENDING));
                assertThat((long) journal.recovered().open().size()).as("open after kill %d", kill).isBetween(
                        acknowledgements.of(Acknowledgements.RESERVED) - acknowledgements.of(Acknowledgements.SETTLING),
                        acknowledgements.of(Acknowledgements.RESERVING)
                                - acknowledgements.of(Acknowledgements.SETTLED));
            }
        }

        private Process start() throws IOException {
            return new ProcessBuilder(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx64m",
                    "-cp", classPath(), KilledProcess.class.getName(),
                    journal().toString(), directory.resolve("acknowledgements").toString(),
                    Long.toString(random.nextLong())))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
        }

        private String output() {
            try {
                return Files.readString(directory.resolve("output"));
            } catch (IOException failure) {
                return failure.toString();
            }
        }

        private Path journal() {
            return directory.resolve("journal");
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
