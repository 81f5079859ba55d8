package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guessing of keys against a running gateway, from networks that a believed proxy names. */
final class KeyGuessingTest {
    private static final String ATTACKER = "192.0.2.1";

    private final TestKey key = TestKey.make();
    private final TestKey sparedKey = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "hello"));
        gateway = TestGateway.start(configuration());
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void slowsAGuesserDownAndNobodyElse() throws Exception {
        assertThat(call(ATTACKER, key.text()).status()).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            assertThat(call(ATTACKER, TestKey.make().text()).status()).isEqualTo(401);
        }

        RawResponse wrong = call(ATTACKER, TestKey.make().text());
        RawResponse right = call(ATTACKER, sparedKey.text());

        assertThat(wrong.status()).isEqualTo(429);
        assertThat(wrong.field("retry-after")).isIn("1200", "1199");
        assertThat(wrong.text()).contains("identification-limited");
        assertThat(right.status()).as("a right guess").isEqualTo(429);
        assertThat(right.text()).contains("identification-limited");
        assertThat(call(ATTACKER, key.text()).status()).as("a neighbour whose key was right").isEqualTo(200);
        assertThat(call("192.0.2.2", sparedKey.text()).status()).as("another network").isEqualTo(200);
        assertThat(gateway.admin("/metrics")).contains("sallyport_identification_networks 1.0")
                .contains("code=\"identification-limited\"");
    }

    @Test
    void aReloadDoesNotForgetWhoGuesses() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(call(ATTACKER, TestKey.make().text()).status()).isEqualTo(401);
        }
        gateway.reload(configuration());

        assertThat(call(ATTACKER, TestKey.make().text()).status()).isEqualTo(429);
    }

    private String configuration() {
        return """
                proxies: [127.0.0.1]
                identification: {failures: 3/h, delay-max: 1 h}
                models:
                  m: {url: "%s"}
                callers:
                  app: {keys: ["%s", "%s"], may: [m]}
                """.formatted(upstream.url(), key.hash(), sparedKey.hash());
    }

    private RawResponse call(String client, String shown) throws IOException {
        try (RawClient raw = RawClient.connect(gateway.port())) {
            return raw.send("GET /m/x HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: " + client + "\r\nX-Api-Key: " + shown
                    + "\r\nConnection: close\r\n\r\n").response();
        }
    }
}
