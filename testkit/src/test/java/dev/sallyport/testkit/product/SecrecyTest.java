package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.ReceivedRequest;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A credential goes no further than the gateway, however it is sent and whatever happens. */
final class SecrecyTest {
    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "hello"));
        gateway = TestGateway.start("""
                models:
                  m: {url: "%1$s", accepts: [image/png]}
                  other: {url: "%1$s"}
                callers:
                  app: {key: "%2$s", may: [m]}
                """.formatted(upstream.url(), key.hash()));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void aCredentialReachesNeitherUpstreamNorLogNorMetricsNorErrors() throws Exception {
        String wrong = TestKey.make().text();
        StringBuilder answers = new StringBuilder();
        for (String field : List.of(
                "Authorization: Bearer " + key.text(),
                "X-Api-Key: " + key.text(),
                "Authorization: Bearer " + wrong,
                "X-Api-Key: " + wrong,
                "Authorization: Basic " + key.text(),
                "Authorization: Bearer " + key.text() + "\r\nX-Api-Key: " + key.text())) {
            for (String target : List.of("/m/predict?token=query-secret", "/other/predict", "/absent")) {
                answers.append(answer("POST " + target + " HTTP/1.1\r\nHost: a.example\r\n" + field
                        + "\r\nContent-Length: 1\r\n\r\nx"));
                answers.append(answer("GET " + target + " HTTP/1.1\r\nHost: a.example\r\n" + field + "\r\n\r\n"));
            }
        }
        upstream.behave(Behaviour.resetsAfter(""));
        answers.append(
                answer("GET /m/predict HTTP/1.1\r\nHost: a.example\r\nAuthorization: " + key.bearer() + "\r\n\r\n"));
        answers.append(answer("GET /m/predict HTTP/1.1\r\nHost: a.example\r\nAuthorization: " + key.bearer()
                + "\r\nBad Field: " + key.text() + "\r\n\r\n"));
        gateway.awaitLines(38);

        List<String> secrets = List.of(key.text(), wrong, key.text().substring(3, 40), key.hash().substring(7));
        for (String secret : secrets) {
            assertThat(answers).doesNotContain(secret);
            assertThat(gateway.accessLogText()).doesNotContain(secret);
            assertThat(gateway.admin("/metrics")).doesNotContain(secret);
            assertThat(gateway.admin("/readyz")).doesNotContain(secret);
        }
        assertThat(gateway.accessLogText()).doesNotContain("query-secret");
        assertThat(upstream.requests()).isNotEmpty();
        for (ReceivedRequest request : upstream.requests()) {
            assertThat(request.field("authorization")).isNull();
            assertThat(request.field("x-api-key")).isNull();
            assertThat(request.toString()).doesNotContain(key.text());
        }
    }

    private String answer(String request) throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawResponse response = client.send(request).response();
            return response.status() + "\n" + response.fields() + "\n" + response.text() + "\n";
        }
    }
}
