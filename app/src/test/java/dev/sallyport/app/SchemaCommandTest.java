package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SchemaCommandTest {
    @Test
    void printsTheSchemaThatIsShipped() {
        CommandLineRun run = CommandLineRun.of("schema");
        assertThat(run.exitCode()).isZero();
        assertThat(run.error()).isEmpty();
        assertThat(Path.of("..", "docs", "reference", "sallyport.schema.json")).content().isEqualTo(run.out());
    }

    @Test
    void saysHowAnEditorFindsIt() {
        assertThat(CommandLineRun.of("schema", "--help").out())
                .contains("# yaml-language-server: $schema=sallyport.schema.json");
    }
}
