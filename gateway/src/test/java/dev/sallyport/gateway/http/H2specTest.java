package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.testing.TestAuthority;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public conformance suite of HTTP/2, h2spec, against the listener. */
final class H2specTest {
    private static final long SUITE_SECONDS = 110;

    @TempDir
    private Path directory;

    @Test
    void passesInPlainText() throws Exception {
        run(null, Path.of("target/h2spec.xml"));
    }

    @Test
    void passesOverTls() throws Exception {
        new TestAuthority("root").issue("localhost", "127.0.0.1").write(directory, "server");
        try (ServerTls tls = ServerTls.load(
                List.of(new CertificateFiles(directory.resolve("server.pem"), directory.resolve("server.key"))))) {
            run(tls, Path.of("target/h2spec-tls.xml"));
        }
    }

    private static void run(@Nullable ServerTls tls, Path report) throws Exception {
        Path suite = find();
        assumeTrue(suite != null, "h2spec is not installed");
        try (Loops loops = new Loops(1, Time.SYSTEM, new SplittableRandom(1));
                Listener listener = Listener.open(
                        new ListenerSpec(new InetSocketAddress("127.0.0.1", 0), tls, List.of(), false), loops,
                        Limits.DEFAULTS, TestingHandler.echo(),
                        new Connections(Limits.DEFAULTS))) {
            List<String> command = new ArrayList<>(List.of(
                    String.valueOf(suite), "-h", "127.0.0.1", "-p", Integer.toString(listener.address().getPort()),
                    "-S", "-o", "5", "-j", report.toString()));
            if (tls != null) {
                command.addAll(List.of("-t", "-k"));
            }
            Path output = report.resolveSibling(report.getFileName() + ".log");
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (!process.waitFor(SUITE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            List<String> lines = Files.readAllLines(output);
            assertThat(lines).as("h2spec").anyMatch(line -> line.matches("146 tests, 146 passed, 0 skipped, 0 failed"));
        }
    }

    private static @Nullable Path find() {
        String directories = System.getenv().getOrDefault("PEERS_DIR",
                System.getProperty("user.home") + "/.cache/sallyport-peers/bin") + File.pathSeparator
                + System.getenv("PATH");
        return Stream.of(directories.split(File.pathSeparator)).map(directory -> Path.of(directory, "h2spec"))
                .filter(Files::isExecutable).findFirst().orElse(null);
    }
}
