package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example for one image model, run as its README says; skipped where Python or its packages cannot be had. */
final class ImageModelExampleTest {
    private static final Path EXAMPLE = Path.of("../examples/j1-image-model").toAbsolutePath().normalize();
    private static final int LACKS_SOMETHING = 3;

    @TempDir
    Path folder;

    @Test
    @Timeout(600)
    void sendsPicturesThroughAndShowsEveryRefusal() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "skipped: there is no bash");
        List<Integer> ports = freePorts(3);
        Path log = folder.resolve("run.log");
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", EXAMPLE.resolve("run.sh").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(Map.of(
                "SALLYPORT", ExampleLauncher.write(folder).toString(),
                "PORT", ports.get(0).toString(),
                "MODEL_PORT", ports.get(1).toString(),
                "ADMIN_PORT", ports.get(2).toString()));
        Process run = builder.start();
        boolean ended = run.waitFor(580, TimeUnit.SECONDS);
        run.destroy();

        String shown = Files.readString(log, UTF_8);
        assertThat(ended).as(shown).isTrue();
        assumeTrue(run.exitValue() != LACKS_SOMETHING, () -> shown.lines().reduce("", (before, line) -> line));
        assertThat(run.exitValue()).as(shown).isZero();
        assertThat(shown)
                .containsPattern("PNG of a 7 +200 .*\"digit\":7")
                .containsPattern("JPEG of a 4 +200 .*\"digit\":4")
                .containsPattern(
                        "not how sure the model is +200 .*\"digit\":7.*\"scores\":\\[0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0,0.0,0.0]")
                .containsPattern("the model itself says: .*\"digit\":7.*\"score\":0\\.[0-9]+")
                .containsPattern("401 .*credential-missing")
                .containsPattern("403 .*not-permitted")
                .containsPattern("413 .*body-too-large")
                .containsPattern("415 .*media-type-not-accepted")
                .containsPattern("429 .*rate-limited");
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
