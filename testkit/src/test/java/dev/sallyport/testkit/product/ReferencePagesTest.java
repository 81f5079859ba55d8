package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.testing.GeneratedDocument;
import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.TestCertificates;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The pages about metrics and access log say what a running gateway really shows. */
final class ReferencePagesTest {
    private static final String HEAD = """
            # Metrics

            <!-- Made from a scrape by ReferencePagesTest: mvn -pl testkit -am test -Dtest=ReferencePagesTest -Dsurefire.failIfNoSpecifiedTests=false -Dsallyport.documents=write -->

            `/metrics` on the admin listener, as Prometheus text, or as OpenMetrics 1.0 to whoever asks for it; that form has the last
            traced call of each bucket of `sallyport_call_duration_seconds` as its exemplar, and no `_created` series. Names are those of
            the text form. Besides these come the Java platform's own, `jvm_…`, `process_…` and `system_…`. Model labels come from the
            configuration: models beyond the first 1,000 count together as `(other)`, calls to nothing that exists as `(none)`.

            | metric | kind | is |
            |---|---|---|
            """;

    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.resetsAfter(""));
        gateway = TestGateway.startSecure(new TestCertificates(), """
                spending: {journal: spent/}
                models:
                  m: {versions: {"1": {url: "%s"}}, retries: 0, quota: 9/day}
                callers:
                  app: {key: "%s", may: [m]}
                telemetry: {otlp: "http://127.0.0.1:1", sample: 100%%}
                """.formatted(upstream.url(), key.hash()));
        for (String path : List.of("/m/predict", "/absent")) {
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\nX-Api-Key: " + key.text() + "\r\n\r\n").response();
            }
        }
        gateway.awaitLines(2);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void everyMetricStandsOnItsPage() throws Exception {
        TreeMap<String, String> rows = new TreeMap<>();
        TreeMap<String, String> helps = new TreeMap<>();
        gateway.admin("/metrics").lines().forEach(line -> {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP sallyport_")) {
                helps.put(words[2], words[3]);
            } else if (line.startsWith("# TYPE sallyport_")) {
                rows.put(words[2], "| `%s` | %s | %s |%n".formatted(words[2], words[3], helps.get(words[2])));
            }
        });

        GeneratedDocument.at("docs/reference/metrics.md").verify(HEAD + String.join("", rows.values()));
    }

    @Test
    void everyKeyOfTheAccessLogStandsOnItsPage() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "reference", "access-log.md"));

        for (JsonNode line : gateway.awaitLines(2)) {
            for (String name : line.propertyNames()) {
                assertThat(page).contains("`" + name + "`");
            }
        }
        assertThat(gateway.accessLogText()).contains("\"failure\":", "\"refusal\":", "\"version\":");
    }
}
