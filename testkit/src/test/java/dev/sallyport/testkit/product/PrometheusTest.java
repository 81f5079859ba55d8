package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.Eventually;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus that scrapes a running gateway, with the alerts that ship. */
final class PrometheusTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path RULES = Path.of("..", "ops", "prometheus", "alerts.yaml").toAbsolutePath().normalize();

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @Test
    void scrapesTheGatewayKeepsItsExemplarsAndRunsTheAlerts() throws Exception {
        InstalledTool prometheus = InstalledTool.orSkip("prometheus");
        TestKey key = TestKey.make();
        try (FakeUpstream upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "hello"));
                TestGateway gateway = TestGateway.start("""
                        models:
                          m: {url: "%s"}
                        callers:
                          app: {key: "%s", may: [m]}
                        telemetry: {otlp: "http://127.0.0.1:1", sample: 100%%}
                        """.formatted(upstream.url(), key.hash()))) {
            call(gateway, key);
            String trace = gateway.awaitLines(1).getFirst().get("trace_id").stringValue();
            int port = freePort();
            Process process = start(prometheus, port, gateway.adminPort());
            try {
                String api = "http://127.0.0.1:" + port + "/api/v1/";
                Eventually.assertEventually(() -> assertThat(result(api, "up == 1")).hasSize(1));
                call(gateway, key);

                Eventually.assertEventually(() -> assertThat(ask(api + "query_exemplars?query="
                        + encoded("sallyport_call_duration_seconds_bucket{model=\"m\"}") + "&start=0&end="
                        + (Instant.now().getEpochSecond() + 60)).findValuesAsString("trace_id")).contains(trace));
                assertThat(result(api, "sallyport_calls_total{model=\"m\",outcome=\"success\"}"))
                        .isNotEmpty();
                Eventually.assertEventually(() -> {
                    JsonNode rules = ask(api + "rules").get("data").get("groups");
                    Set<String> healths = rules.findValuesAsString("health").stream().collect(Collectors.toSet());
                    assertThat(healths).containsExactly("ok");
                });
                assertThat(ask(api + "alerts").get("data").get("alerts")).isEmpty();
            } finally {
                process.destroy();
                process.waitFor();
            }
        }
    }

    private Process start(InstalledTool prometheus, int port, int target) throws IOException {
        Path configuration = Files.writeString(directory.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ["%s"]
                scrape_configs:
                  - {job_name: sallyport, static_configs: [{targets: ["127.0.0.1:%d"]}]}
                """.formatted(RULES, target));
        return new ProcessBuilder(List.of(prometheus.program().toString(), "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("data"), "--web.listen-address=127.0.0.1:" + port,
                "--enable-feature=exemplar-storage", "--log.level=warn"))
                .redirectErrorStream(true).redirectOutput(directory.resolve("prometheus.log").toFile()).start();
    }

    private JsonNode result(String api, String query) throws Exception {
        return ask(api + "query?query=" + encoded(query)).get("data").get("result");
    }

    private JsonNode ask(String url) throws Exception {
        HttpResponse<String> response;
        try {
            response =
                    client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException starting) {
            throw new AssertionError("Prometheus does not answer (yet): " + starting, starting);
        }
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static String encoded(String query) {
        return URLEncoder.encode(query, UTF_8);
    }

    private static void call(TestGateway gateway, TestKey key) throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("GET /m/x HTTP/1.1\r\nHost: h\r\nX-Api-Key: " + key.text() + "\r\n\r\n").response();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
