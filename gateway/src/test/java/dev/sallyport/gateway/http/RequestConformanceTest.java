package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.testing.conformance.CaseRunner;
import dev.sallyport.gateway.testing.conformance.ConformanceReport;
import dev.sallyport.gateway.testing.conformance.RequestCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every public case of smuggling, framing, header and path forms, over a socket. Counts go to target/conformance-http.txt. */
final class RequestConformanceTest {
    private static final RecordingHandler HANDLER = new RecordingHandler();
    private static final ConformanceReport REPORT =
            new ConformanceReport("HTTP/1.1 request cases, against the listener alone");
    private static Http1TestServer server;

    @BeforeAll
    static void start() {
        server = new Http1TestServer(Limits.DEFAULTS, HANDLER);
    }

    @AfterAll
    static void stop() {
        server.close();
        REPORT.write(Path.of("target", "conformance-http.txt"));
    }

    @TestFactory
    Stream<DynamicTest> passes() {
        CaseRunner runner = new CaseRunner(server.address(), HANDLER, UnaryOperator.identity());
        return RequestCase.all().stream()
                .map(requestCase -> DynamicTest.dynamicTest(requestCase.name(), () -> run(runner, requestCase)));
    }

    private static void run(CaseRunner runner, RequestCase requestCase) throws IOException {
        List<String> problems = runner.run(requestCase);
        REPORT.count(requestCase.category(), requestCase.name(), String.join("; ", problems));
        assertThat(problems).as(requestCase.raw()).isEmpty();
    }
}
