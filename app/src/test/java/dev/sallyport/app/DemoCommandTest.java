package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
    @Test
    void everyCallComesToWhatIsExpectedWithTheRealCurl() throws IOException {
        assumeTrue(Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "curl"))), "there is no curl");
        CommandLineRun run = CommandLineRun.of("demo", "--run");
        assertThat(run.out()).contains("6 of 6 calls came to what is expected");
        assertThat(run.exitCode()).isZero();
        assertThat(Pattern.compile("(?m)^# expect (\\d{3}): .+\\Rcurl ").matcher(run.out()).results()
                .map(match -> match.group(1)))
                .containsExactly("200", "401", "403", "413", "415", "429");
        assertThat(run.out()).contains("\"digit\":4", "\"code\":\"credential-missing\"", "\"code\":\"not-permitted\"",
                "\"code\":\"body-too-large\"",
                "\"code\":\"media-type-not-accepted\"", "\"code\":\"rate-limited\"");
        assertThat(leftovers(run)).isEmpty();
    }

    @Test
    void picksFreePortsWhenTheUsualAreTaken() throws IOException {
        try (ServerSocket usual = taken(8080); ServerSocket usualAdmin = taken(8081)) {
            CommandLineRun run = CommandLineRun.of("demo", "--run");
            assertThat(run.exitCode()).as(run.error()).isZero();
            assertThat(run.out()).containsPattern("behind http://127\\.0\\.0\\.1:\\d+/digits")
                    .doesNotContain("127.0.0.1:8080", "127.0.0.1:8081");
        }
    }

    /** A socket that listens on {@code port}, unless somebody else's does already. */
    private static ServerSocket taken(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        } catch (BindException already) {
            return socket;
        }
        return socket;
    }

    /** The files that the demo named and did not remove. */
    private static List<Path> leftovers(CommandLineRun run) {
        return Pattern.compile("(?m)^  configuration +(\\S+)$").matcher(run.out()).results()
                .map(match -> Path.of(match.group(1)))
                .filter(file -> Files.exists(file.getParent())).toList();
    }
}
