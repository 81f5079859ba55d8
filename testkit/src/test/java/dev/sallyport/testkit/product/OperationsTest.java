package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.Field;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model offers of itself, and what the gateway shows it in the place of a caller's credential. */
final class OperationsTest {
    private static final String SECRET = "token-of-the-gateway";

    @TempDir
    Path folder;

    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "hello"));
        Files.writeString(folder.resolve("token"), SECRET + "\n");
        gateway = TestGateway.start("""
                models:
                  api:
                    url: "%1$s"
                    operations: [POST /predict, GET /tenants/acme/**]
                    credential: %3$s/token
                  other: {url: "%1$s", credential: {file: %3$s/token, field: X-Model-Key}}
                callers:
                  app: {key: "%2$s", may: ["*"]}
                """.formatted(upstream.url(), key.hash(), folder));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void whatIsNotOfferedNeverReachesTheModel() throws Exception {
        for (String target : new String[]{"GET /api/predict", "POST /api/predict/", "DELETE /api/admin",
            "GET /api/tenants/globex/1", "GET /api/tenants/acme/../globex/1", "GET /api/debug", "POST /api",
            "GET /api//tenants/acme/1"}) {
            RawResponse response = send(target);

            assertThat(response.status()).as(target).isEqualTo(403);
            assertThat(response.text()).as(target).contains("operation-not-offered", "\"POST /predict\"");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void theModelSeesTheGatewaysCredentialAndNotTheCallers() throws Exception {
        assertThat(send("POST /api/predict").status()).isEqualTo(200);
        assertThat(upstream.awaitRequest().field("authorization")).isEqualTo("Bearer " + SECRET);

        assertThat(send("GET /other/x").status()).isEqualTo(200);
        assertThat(upstream.awaitRequest().field("x-model-key")).isEqualTo(SECRET);
    }

    @Test
    void aCallerCannotPutItsOwnInThePlaceOfIt() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("GET /other/x HTTP/1.1\r\nHost: h\r\nX-Model-Key: forged\r\nAuthorization: " + key.bearer()
                    + "\r\nConnection: close\r\n\r\n").response();
        }
        assertThat(upstream.awaitRequest().fields())
                .filteredOn(field -> field.name().equalsIgnoreCase("x-model-key")).extracting(Field::value)
                .containsExactly(SECRET);
    }

    @Test
    void theSecretStandsInNoError() throws Exception {
        Files.writeString(folder.resolve("two"), "secret one\nsecret two");

        assertThatThrownBy(() -> TestGateway.start("""
                models:
                  api: {url: "http://h", credential: %s/two, operations: [predict, "POST predict"]}
                callers: {}
                """.formatted(folder)))
                .hasMessageContaining("models.api.credential.file: the file must hold one secret")
                .hasMessageContaining("`predict` is not a method in capitals and an absolute path")
                .hasMessageNotContaining("secret one");
    }

    private RawResponse send(String target) throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.send(target + " HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nAuthorization: " + key.bearer()
                    + "\r\nConnection: close\r\n\r\n").response();
        }
    }
}
