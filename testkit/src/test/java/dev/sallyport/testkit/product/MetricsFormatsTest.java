package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestCertificates;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The page of metrics in both its forms, as others' readers understand it. */
final class MetricsFormatsTest {
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final String READER = """
            import sys
            from prometheus_client.openmetrics.parser import text_string_to_metric_families as read
            for family in read(sys.stdin.read()):
                for sample in family.samples:
                    trace = sample.exemplar.labels["trace_id"] if sample.exemplar else ""
                    print(family.type, family.unit or "-", sample.name, trace)
            """;

    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;
    private List<JsonNode> lines;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "hello"));
        gateway = TestGateway.startSecure(new TestCertificates(), """
                models:
                  m: {url: "%s"}
                callers:
                  app: {key: "%s", may: [m]}
                telemetry: {otlp: "http://127.0.0.1:1", sample: 100%%}
                """.formatted(upstream.url(), key.hash()));
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("GET /m/x HTTP/1.1\r\nHost: h\r\nX-Api-Key: " + key.text() + "\r\n\r\n").response();
            client.send("GET /m/x HTTP/1.1\r\nHost: h\r\nX-Api-Key: wrong\r\n\r\n").response();
        }
        lines = gateway.awaitLines(2);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void openMetricsLeadsFromALatencyToItsTrace() throws Exception {
        RawResponse page = scrape(OPEN_METRICS);

        assertThat(page.field("content-type")).isEqualTo(OPEN_METRICS);
        assertThat(page.text()).endsWith("# EOF\n")
                .contains("# UNIT sallyport_call_duration_seconds seconds\n",
                        "# UNIT sallyport_request_bytes bytes\n", "# UNIT sallyport_phase_duration_seconds seconds\n",
                        "# TYPE sallyport_calls counter\n", "# TYPE sallyport_snapshot info\n",
                        "sallyport_certificate_expiry_timestamp_seconds{file=\"")
                .doesNotContain("_created");
        for (JsonNode line : lines) {
            assertThat(page.text().lines())
                    .filteredOn(
                            text -> text.contains("# {") && text.startsWith("sallyport_call_duration_seconds_bucket"))
                    .anyMatch(text -> text.contains("trace_id=\"" + line.get("trace_id").stringValue() + "\""));
        }
        assertThat(scrape("text/plain").text()).doesNotContain("# EOF").doesNotContain("trace_id");
    }

    @Test
    void theReferenceReaderOfOpenMetricsTakesThePage() throws Exception {
        InstalledTool python = InstalledTool.orSkip("python3");
        assumeTrue(python.run("", "-c", "import prometheus_client").exitCode() == 0,
                "Python's prometheus_client is not installed");

        InstalledTool.Run read = python.run(scrape(OPEN_METRICS).text(), "-c", READER);

        assertThat(read.exitCode()).as(read.text()).isZero();
        assertThat(read.text().lines()).contains("counter - sallyport_calls_total ", "info - sallyport_snapshot_info ",
                "counter bytes sallyport_request_bytes_total ",
                "gauge seconds sallyport_certificate_expiry_timestamp_seconds ")
                .contains("histogram seconds sallyport_call_duration_seconds_bucket "
                        + lines.getFirst().get("trace_id").stringValue());
    }

    @Test
    void promtoolFindsNothingToSayAboutOurMetrics() throws Exception {
        InstalledTool promtool = InstalledTool.orSkip("promtool");

        InstalledTool.Run check = promtool.run(scrape("text/plain").text(), "check", "metrics");

        assertThat(check.text().lines()).noneMatch(line -> line.contains("sallyport_") || line.contains("error"));
        assertThat(check.exitCode()).isIn(0, 3); // 3: remarks on style, which the platform's own metrics deserve
    }

    private RawResponse scrape(String accept) throws Exception {
        try (RawClient client = RawClient.connect(gateway.adminPort())) {
            return client.send("GET /metrics HTTP/1.1\r\nHost: admin\r\nAccept: " + accept + "\r\n\r\n").response();
        }
    }
}
