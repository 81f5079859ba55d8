package dev.sallyport.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs a fuzz target: a class with {@code public static void fuzzerTestOneInput(byte[])} that throws when what it tests
 * breaks a promise. First come the inputs of its corpus, {@code src/test/resources/fuzz/NAME}, seeds and whatever was found
 * before; then Jazzer, for {@code -Dsallyport.fuzz.seconds} (4 when not given, 0 for none), in a process of its own.
 */
public final class Fuzzing {
    private static final int SECONDS = Integer.getInteger("sallyport.fuzz.seconds", 4);
    private static final int START_SECONDS = 60;
    private static final int INPUT_BYTES_MAX = 1 << 15;

    private Fuzzing() {}

    /** The tests of {@code target}. */
    public static Stream<DynamicTest> of(Class<?> target) {
        return Stream.of(
                DynamicTest.dynamicTest("keeps its promises on the corpus", () -> corpus(target)),
                DynamicTest.dynamicTest("keeps its promises on what a fuzzer makes", () -> campaign(target)));
    }

    private static Path seeds(Class<?> target) {
        return Path.of("src", "test", "resources", "fuzz", target.getSimpleName());
    }

    private static void corpus(Class<?> target) throws Exception {
        List<Path> inputs;
        try (Stream<Path> files = Files.list(seeds(target))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).as("the corpus of " + target.getSimpleName()).isNotEmpty();
        for (Path input : inputs) {
            try {
                target.getMethod("fuzzerTestOneInput", byte[].class).invoke(null, (Object) Files.readAllBytes(input));
            } catch (ReflectiveOperationException failure) {
                throw new AssertionError("on " + input + ": " + failure.getCause(), failure.getCause());
            }
        }
    }

    private static void campaign(Class<?> target) throws IOException, InterruptedException {
        assumeTrue(SECONDS > 0, "no fuzzing was asked for");
        Path directory = Files.createDirectories(Path.of("target", "fuzz", target.getSimpleName()).toAbsolutePath());
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        Path log = directory.resolve("jazzer.log");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx700m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-XX:+EnableDynamicAgentLoading",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.ignoreExpensiveClean=true", "-cp", classPath, "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(), "--instrumentation_includes=dev.sallyport.**",
                // One hook breaks the queues that Netty uses, the other forbids to connect anywhere.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer"
                        + ":com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery",
                "--reproducer_path=" + directory, "-artifact_prefix=" + directory + "/", "-rss_limit_mb=4096",
                "-timeout=20", "-max_len=" + INPUT_BYTES_MAX, "-max_total_time=" + SECONDS, "-print_final_stats=1",
                "-seed=" + Integer.getInteger("sallyport.fuzz.seed", 1), corpus.toString(),
                seeds(target).toAbsolutePath().toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (!process.waitFor(START_SECONDS + 2L * SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            fail("Jazzer did not end in time; see " + log);
        }
        if (process.exitValue() != 0) {
            fail("Jazzer found an input; put the file that it names into " + seeds(target) + " and mend the cause:\n"
                    + tail(log));
        }
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
