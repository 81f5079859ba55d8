package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A program that may be installed on this machine. */
record InstalledTool(Path program) {
    private static final long RUN_SECONDS = 60;

    /** @param text everything that it printed */
    record Run(int exitCode, String text) {}

    /** The program of that name among the directories of PATH; null when it is not there. */
    static @Nullable InstalledTool find(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(InstalledTool::new)
                .orElse(null);
    }

    /** Likewise, but a test that needs it is skipped where it is not there. */
    static InstalledTool orSkip(String name) {
        InstalledTool found = find(name);
        assumeTrue(found != null, name + " is not installed");
        return requireNonNull(found);
    }

    Run run(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(List.of(arguments));
        Path in = Files.createTempFile("tool", ".in");
        Path out = Files.createTempFile("tool", ".out");
        try {
            Files.writeString(in, input);
            Process process = new ProcessBuilder(command).redirectInput(in.toFile()).redirectErrorStream(true)
                    .redirectOutput(out.toFile()).start();
            if (!process.waitFor(RUN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " has not ended");
            }
            return new Run(process.exitValue(), new String(Files.readAllBytes(out), UTF_8));
        } finally {
            Files.delete(in);
            Files.delete(out);
        }
    }
}
