package dev.sallyport.app;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.OutputStream;
import java.util.List;
import org.slf4j.Logger;

/**
 * The log of the process: warnings and what operators want to know, on standard error. One JSON object per line, or
 * plain lines with {@code -Dsallyport.log=text}, which the launcher sets on a terminal. Found by Logback on its own; a
 * {@code logback.xml}, or {@code -Dlogback.configurationFile}, takes its place.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final String FORMAT_PROPERTY = "sallyport.log";
    private static final List<String> FILES =
            List.of(ClassicConstants.TEST_AUTOCONFIG_FILE, ClassicConstants.AUTOCONFIG_FILE);
    private static final String TEXT_PATTERN = "%d{HH:mm:ss.SSS} %-5level %msg%n";

    private final OutputStream output;
    private final boolean text;

    public LogSetup() {
        this(System.err, "text".equals(System.getProperty(FORMAT_PROPERTY)));
    }

    LogSetup(OutputStream output, boolean text) {
        this.output = output;
        this.text = text;
    }

    @Override
    public ExecutionStatus configure(LoggerContext logs) {
        if (hasFile()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        configureWithoutFile(logs);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    void configureWithoutFile(LoggerContext logs) {
        Encoder<ILoggingEvent> encoder = text ? textEncoder() : jsonEncoder();
        encoder.setContext(logs);
        encoder.start();

        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(logs);
        appender.setName("standard error");
        appender.setEncoder(encoder);
        appender.setOutputStream(output);
        appender.start();

        ch.qos.logback.classic.Logger root = logs.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(appender);
        logs.getLogger("io.netty").setLevel(Level.WARN);
        logs.getLogger("io.micrometer").setLevel(Level.WARN);
    }

    private static boolean hasFile() {
        return System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null
                || FILES.stream().anyMatch(name -> LogSetup.class.getClassLoader().getResource(name) != null);
    }

    private static Encoder<ILoggingEvent> textEncoder() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(TEXT_PATTERN);
        return encoder;
    }

    private static Encoder<ILoggingEvent> jsonEncoder() {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMarkers(false);
        encoder.setWithMDC(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        return encoder;
    }
}
