package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "run", "demo", "check", "keys", "keys new", "keys list", "version"})
    void everyCommandHasHelpWithAnExample(String command) {
        CommandLineRun run = CommandLineRun.of((command + " --help").strip().split(" "));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage:").containsPattern("Examples?:\\R  ./sallyport " + command);
        assertThat(run.error()).isEmpty();
    }

    @Test
    void asksForACommand() {
        CommandLineRun run = CommandLineRun.of();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error()).startsWith("a command is missing").contains("check", "keys", "version");
    }

    @Test
    void refusesWhatItDoesNotKnowWithTheNearest() {
        CommandLineRun command = CommandLineRun.of("chekc");
        assertThat(command.exitCode()).isEqualTo(2);
        assertThat(command.error()).contains("Unmatched argument at index 0: 'chekc'", "Did you mean: sallyport check");
        CommandLineRun option = CommandLineRun.of("check", "--jsn");
        assertThat(option.exitCode()).isEqualTo(2);
        assertThat(option.error()).contains("Unknown option: '--jsn'");
    }

    @Test
    void saysItsVersionAndThatOfJava() {
        assertThat(CommandLineRun.of("version").out()).matches("sallyport \\S+ \\(Java 2\\d.*\\)\\R");
        assertThat(CommandLineRun.of("--version").out()).isEqualTo(CommandLineRun.of("version").out());
        assertThat(CommandLineRun.of("version", "--json").out())
                .matches("\\{\"version\": ?\"[^\"]+\", ?\"java\": ?\"2\\d[^\"]*\"}\\R");
    }
}
