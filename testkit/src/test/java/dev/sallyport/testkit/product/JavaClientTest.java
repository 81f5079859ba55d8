package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.ReceivedRequest;
import dev.sallyport.testkit.TestCertificates;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The Java platform's own client through the gateway, in both versions of HTTP and with TLS. */
final class JavaClientTest {
    private final TestCertificates authority = new TestCertificates();
    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.echoes());
        gateway = TestGateway.startSecure(authority, """
                models:
                  m:
                    versions: {"1": {url: "%1$s/one"}, "2": {url: "%1$s/two"}}
                    default: "2"
                callers:
                  app: {key: "%2$s", may: [m]}
                """.formatted(upstream.url(), key.hash()));
        client = HttpClient.newBuilder().sslContext(authority.clientContext()).build();
    }

    @AfterEach
    void stop() throws Exception {
        client.shutdownNow();
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource({"false, HTTP_1_1, HTTP_1_1", "false, HTTP_2, HTTP_1_1", "true, HTTP_1_1, HTTP_1_1",
        "true, HTTP_2, HTTP_2"})
    void callsGoThrough(boolean secure, Version asked, Version spoken) throws Exception {
        HttpResponse<String> response =
                client.send(post(secure, "/m/predict?q=1%202", "body", asked), BodyHandlers.ofString());

        assertThat(response.version()).isEqualTo(spoken);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("body");
        ReceivedRequest received = upstream.awaitRequest();
        assertThat(received.target()).isEqualTo("/two/predict?q=1%202");
        assertThat(received.field("host")).isEqualTo("127.0.0.1:" + upstream.port());
        assertThat(received.field("x-custom")).isEqualTo("kept");
        assertThat(Long.parseLong(String.valueOf(received.field("sallyport-timeout-ms")))).isPositive();
        JsonNode line = gateway.awaitLine(response.headers().firstValue("sallyport-call").orElseThrow());
        assertThat(line.get("protocol").stringValue()).isEqualTo(spoken == Version.HTTP_2 ? "HTTP/2" : "HTTP/1.1");
        assertThat(line.get("caller").stringValue()).isEqualTo("app");
        assertThat(line.get("resource").stringValue()).isEqualTo("m");
        assertThat(line.get("version").stringValue()).isEqualTo("2");
        assertThat(line.get("controls")).extracting(JsonNode::stringValue).containsExactly("identify", "limit",
                "authorize", "inspect", "limit-model", "charge", "settle", "inspect-answer");
    }

    @Test
    void aVersionInThePathPicksThatVersion() throws Exception {
        client.send(post(false, "/m@1/predict", "body", Version.HTTP_1_1), BodyHandlers.ofString());

        assertThat(upstream.awaitRequest().target()).isEqualTo("/one/predict");
    }

    @ParameterizedTest
    @CsvSource({"false, HTTP_1_1", "true, HTTP_2"})
    void manyCallsAtOnceAllComeBackWithTheirOwnAnswer(boolean secure, Version version) throws Exception {
        client.send(post(secure, "/m/predict", "first", version), BodyHandlers.ofString());
        for (int round = 0; round < 5; round++) {
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            // The client fails by itself beyond the streams that a connection allows.
            for (int i = 0; i < 100; i++) {
                calls.add(client.sendAsync(post(secure, "/m/predict", "call " + round + " " + i, version),
                        BodyHandlers.ofString()));
            }
            for (int i = 0; i < calls.size(); i++) {
                assertThat(calls.get(i).get().body()).isEqualTo("call " + round + " " + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false, HTTP_1_1", "true, HTTP_1_1", "true, HTTP_2"})
    void aLargeBodyComesBackUnharmed(boolean secure, Version version) throws Exception {
        String body = "0123456789abcdef".repeat(300_000);

        assertThat(client.send(post(secure, "/m/predict", body, version), BodyHandlers.ofString()).body())
                .isEqualTo(body);
    }

    @Test
    void aClientThatDoesNotKnowTheAuthorityGetsNoConnection() {
        try (HttpClient strange = HttpClient.newBuilder().sslContext(new TestCertificates().clientContext()).build()) {
            assertThatThrownBy(
                    () -> strange.send(post(true, "/m/predict", "body", Version.HTTP_2), BodyHandlers.ofString()))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    private HttpRequest post(boolean secure, String path, String body, Version version) {
        URI uri = secure ? gateway.secureUri(path) : gateway.uri(path);
        return HttpRequest.newBuilder(uri)
                .version(version)
                .header("Authorization", key.bearer())
                .header("X-Custom", "kept")
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
