package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator sees of a running gateway. */
final class AdminListenerTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "hello"));
        gateway = TestGateway.start(configuration("m"));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void itIsAliveAndReady() throws Exception {
        assertThat(ask("GET", "/livez", "").status()).isEqualTo(200);

        RawResponse ready = ask("GET", "/readyz", "");

        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.field("content-type")).isEqualTo("application/json");
        JsonNode body = JSON.readTree(ready.body());
        assertThat(body.get("status").stringValue()).isEqualTo("ready");
        assertThat(body.get("snapshot").stringValue()).startsWith("sha256:");
        assertThat(body.get("listeners")).extracting(JsonNode::stringValue)
                .containsExactly("127.0.0.1:" + gateway.port());
        assertThat(body.get("reloads").get("error").isNull()).isTrue();
    }

    @Test
    void aGoodEditShowsAsAnotherSnapshotAndABadOneAsAnError() throws Exception {
        String before = JSON.readTree(ask("GET", "/readyz", "").body()).get("snapshot").stringValue();

        gateway.reload(configuration("m2"));
        JsonNode edited = JSON.readTree(ask("GET", "/readyz", "").body());
        assertThat(edited.get("snapshot").stringValue()).isNotEqualTo(before);

        gateway.reload(configuration("m3").replace("models:", "modles:"));
        RawResponse bad = ask("GET", "/readyz", "");
        assertThat(bad.status()).isEqualTo(200);
        JsonNode broken = JSON.readTree(bad.body());
        assertThat(broken.get("snapshot")).isEqualTo(edited.get("snapshot"));
        assertThat(broken.get("reloads").get("error").stringValue()).contains("modles", "models");
        assertThat(gateway.admin("/metrics"))
                .contains("sallyport_reloads_total{result=\"failed\"} 1.0")
                .contains("sallyport_reloads_total{result=\"applied\"} 2.0")
                .contains("sallyport_snapshot_info{digest=\"" + edited.get("snapshot").stringValue() + "\"} 1");
    }

    @Test
    void theMetricsTellOfCallsRefusalsConnectionsPoolsAndTheAccessLog() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            call(client, "/m/predict", key.bearer());
            call(client, "/m/predict", "Bearer no");
            call(client, "/none", key.bearer());
            gateway.awaitLines(3);
            String endpoint = "{endpoint=\"127.0.0.1:" + upstream.port() + "\",resource=\"m\"}";

            assertThat(gateway.admin("/metrics").lines())
                    .contains(
                            "sallyport_calls_total{cohort=\"public\",model=\"m\",outcome=\"success\",status=\"2xx\",version=\"\"} 1.0")
                    .contains("sallyport_call_duration_seconds_count{cohort=\"public\",model=\"m\",version=\"\"} 1")
                    .contains("sallyport_refusals_total{code=\"credential-invalid\"} 1.0")
                    .contains("sallyport_refusals_total{code=\"not-permitted\"} 1.0")
                    .contains("sallyport_phase_duration_seconds_count{phase=\"identify\"} 3")
                    .contains("sallyport_calls_in_flight 0.0")
                    .contains("sallyport_endpoint_healthy" + endpoint + " 1.0")
                    .contains("sallyport_endpoint_connections" + endpoint + " 1.0")
                    .contains("sallyport_connections_open 1.0")
                    .contains("sallyport_access_log_dropped_total 0.0")
                    .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"));
        }
    }

    @Test
    void otherPathsAndMethodsAreNotServed() throws Exception {
        assertThat(ask("GET", "/", "").status()).isEqualTo(404);
        assertThat(ask("GET", "/livez/x", "").status()).isEqualTo(404);
        RawResponse posted = ask("POST", "/livez", "Content-Length: 0\r\n");
        assertThat(posted.status()).isEqualTo(405);
        assertThat(posted.field("allow")).isEqualTo("GET, HEAD");
        assertThat(ask("GET", "/m/predict", "Authorization: " + key.bearer() + "\r\n").status()).isEqualTo(404);
    }

    @Test
    void headHasTheSameFieldsAndNoBody() throws Exception {
        try (RawClient client = RawClient.connect(gateway.adminPort())) {
            client.send("HEAD /metrics HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
            RawResponse head = client.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.field("content-type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
            assertThat(Integer.parseInt(String.valueOf(head.field("content-length")))).isPositive();
            assertThat(client.drain()).isZero();
        }
    }

    private RawResponse ask(String method, String path, String fields) throws Exception {
        try (RawClient client = RawClient.connect(gateway.adminPort())) {
            return client.send(method + " " + path + " HTTP/1.1\r\nHost: a.example\r\n" + fields + "\r\n").response();
        }
    }

    private static void call(RawClient client, String path, String credential) throws Exception {
        client.send("GET " + path + " HTTP/1.1\r\nHost: a.example\r\nAuthorization: " + credential + "\r\n\r\n")
                .response();
    }

    private String configuration(String model) {
        return """
                models:
                  %s: {url: "%s"}
                callers:
                  app: {key: "%s", may: ["*"]}
                """.formatted(model, upstream.url(), key.hash());
    }
}
