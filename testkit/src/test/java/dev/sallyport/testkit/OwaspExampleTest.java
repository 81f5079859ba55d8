package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The weak API and the attacks on it, run as its README says; and the guide, which names each entry that the run shows. */
final class OwaspExampleTest {
    private static final Path EXAMPLE = Path.of("../examples/owasp-api").toAbsolutePath().normalize();
    private static final Path GUIDE = Path.of("../docs/guides/owasp-api.md");
    private static final int ENTRIES = 10;
    private static final int LACKS_SOMETHING = 3;

    @TempDir
    Path folder;

    @Test
    @Timeout(180)
    void everyHoleIsOpenBeforeAndClosedBehindTheGateway() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "skipped: there is no bash");
        Path log = folder.resolve("run.log");
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", EXAMPLE.resolve("run.sh").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(Map.of("SALLYPORT", ExampleLauncher.write(folder).toString(),
                "PORT", freePort(), "API_PORT", freePort(), "ADMIN_PORT", freePort()));
        Process run = builder.start();
        boolean ended = run.waitFor(170, TimeUnit.SECONDS);
        run.destroy();

        String shown = Files.readString(log, UTF_8);
        assertThat(ended).as(shown).isTrue();
        assumeTrue(run.exitValue() != LACKS_SOMETHING, () -> shown.lines().reduce("", (before, line) -> line));
        assertThat(run.exitValue()).as(shown).isZero();
        String guide = Files.readString(GUIDE, UTF_8);
        for (int entry = 1; entry <= ENTRIES; entry++) {
            assertThat(shown).containsPattern("open +API" + entry + " ").containsPattern("closed +API" + entry + " ");
            assertThat(guide).contains("**API" + entry + "**");
        }
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }
}
