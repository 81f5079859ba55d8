package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo as a newcomer meets it: started, its lines pasted into a shell, ended with Ctrl-C. */
class DemoProcessTest {
    @Test
    @Timeout(180)
    void itsLinesDoWhatTheySayAgainAndAgainAndCtrlCLeavesNothingBehind() throws Exception {
        try (ProductProcess demo = ProductProcess.start("demo")) {
            List<String> lines = new ArrayList<>();
            do {
                lines.add(demo.line());
            } while (!lines.getLast().equals("Ctrl-C ends the demo."));

            List<String> expectations = lines.stream().filter(line -> line.startsWith("# expect ")).toList();
            assertThat(expectations).extracting(line -> line.substring(9, 12)).containsExactly("200", "401", "403",
                    "413", "415", "429");
            for (int round = 0; round < 2; round++) {
                for (String expectation : expectations) {
                    String pasted = lines.get(lines.indexOf(expectation) + 1);
                    assertThat(pasted).startsWith("curl ");
                    assertThat(shell(pasted)).as(expectation)
                            .startsWith("HTTP/1.1 " + expectation.substring(9, 12) + " ");
                }
            }

            Path configuration = Path.of(lines.stream().filter(line -> line.startsWith("  configuration ")).findFirst()
                    .orElseThrow().substring(17).strip());
            assertThat(configuration).exists();
            demo.interrupt();
            assertThat(demo.exitCode()).isZero();
            assertThat(configuration.getParent()).doesNotExist();
            assertThat(demo.error()).isEmpty();
        }
    }

    private static String shell(String line) throws IOException, InterruptedException {
        Path answer = Files.createTempFile("answer", ".txt");
        try {
            assertThat(new ProcessBuilder("sh", "-c", line).redirectOutput(answer.toFile()).start().waitFor())
                    .as("exit code of curl").isZero();
            return Files.readString(answer, StandardCharsets.UTF_8);
        } finally {
            Files.delete(answer);
        }
    }
}
