package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LogSetupTest {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @Test
    void writesOneJsonObjectPerLine() {
        logs(false).getLogger("dev.sallyport").warn("kept the old \"{}\"\nfor now", "snapshot");

        assertThat(written().lines()).singleElement().satisfies(line -> {
            JsonNode object = JsonMapper.shared().readTree(line);
            assertThat(object.get("level").asString()).isEqualTo("WARN");
            assertThat(object.get("formattedMessage").asString()).isEqualTo("kept the old \"snapshot\"\nfor now");
            assertThat(object.get("timestamp").asLong()).isPositive();
        });
    }

    @Test
    void writesPlainLinesForATerminal() {
        logs(true).getLogger("dev.sallyport").warn("kept the old {}", "snapshot");

        assertThat(written()).matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  kept the old snapshot\n");
    }

    @Test
    void keepsTheDetailsOfLibrariesOut() {
        LoggerContext logs = logs(false);

        logs.getLogger("dev.sallyport").debug("detail");
        logs.getLogger("io.netty.util").info("detail");

        assertThat(written()).isEmpty();
    }

    @Test
    void isFoundByLogback() {
        assertThat(ServiceLoader.load(Configurator.class)).hasAtLeastOneElementOfType(LogSetup.class);
    }

    private LoggerContext logs(boolean text) {
        LoggerContext logs = new LoggerContext();
        logs.setMDCAdapter(new LogbackMDCAdapter());
        LogSetup setup = new LogSetup(output, text);
        setup.setContext(logs);
        setup.configureWithoutFile(logs);
        return logs;
    }

    private String written() {
        return output.toString(StandardCharsets.UTF_8);
    }
}
