package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestKey;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway that is killed, as by {@code kill -9}, and started again: nobody gets a quota or budget anew. */
final class SpendingSurvivesKillTest {
    private final TestKey key = TestKey.make();
    private final CountDownLatch gate = new CountDownLatch(1);

    @TempDir
    private Path directory;

    private FakeUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "done"));
    }

    @AfterEach
    void stop() throws Exception {
        gate.countDown();
        upstream.close();
    }

    @Test
    void whatWasUsedStaysUsed() throws Exception {
        int used = 0;
        for (int killed = 0; killed < 3; killed++) {
            try (RunningGateway gateway = run("quota: 10/month")) {
                for (int i = 0; i < 3; i++) {
                    assertThat(call(gateway.port).status()).as("call %d", used++).isEqualTo(200);
                }
            }
        }
        try (RunningGateway gateway = run("quota: 10/month")) {
            assertThat(call(gateway.port).status()).isEqualTo(200);
            assertThat(call(gateway.port).text()).contains("quota-exhausted");
        }
    }

    @Test
    void whatWasUnderWayCountsAsSpentUntilItsDeadline() throws Exception {
        try (RunningGateway gateway = run("budget: 5 USD/month"); RawClient client = RawClient.connect(gateway.port)) {
            assertThat(call(gateway.port).status()).isEqualTo(200);
            upstream.behave(Behaviour.answersAfter(gate, Behaviour.answers(200, "text/plain", "late")));
            client.send(request());
            upstream.awaitRequest();
            upstream.awaitRequest();
        }
        upstream.behave(Behaviour.answers(200, "text/plain", "done"));
        try (RunningGateway gateway = run("budget: 5 USD/month")) {
            for (int i = 0; i < 3; i++) {
                assertThat(call(gateway.port).status()).as("call %d", i).isEqualTo(200);
            }
            assertThat(call(gateway.port).text()).contains("budget-exhausted");
        }
    }

    private RawResponse call(int port) throws Exception {
        try (RawClient client = RawClient.connect(port)) {
            return client.send(request()).response();
        }
    }

    private String request() {
        return "GET /m/predict HTTP/1.1\r\nHost: a.example\r\nAuthorization: " + key.bearer() + "\r\n\r\n";
    }

    private RunningGateway run(String allowance) throws Exception {
        Path configuration = Files.writeString(directory.resolve("sallyport.yaml"), """
                listen: 127.0.0.1:0
                admin: 127.0.0.1:0
                telemetry: {access-log: none}
                spending: {journal: spent}
                models:
                  m: {url: "%s", cost: 1 USD, timeouts: {total: 10 min}}
                callers:
                  app: {key: "%s", may: [m], %s}
                """.formatted(upstream.url(), key.hash(), allowance));
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "dev.sallyport.app.Main", "run", "--json", configuration.toString())
                .redirectError(directory.resolve("errors").toFile())
                .start();
        String line = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
        assertThat(line).as(Files.readString(directory.resolve("errors"))).isNotNull();
        JsonNode ready = JsonMapper.shared().readTree(line);
        return new RunningGateway(process,
                URI.create(ready.get("listeners").get(0).get("url").stringValue()).getPort());
    }

    /** Ends by being killed. */
    private record RunningGateway(Process process, int port) implements AutoCloseable {
        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }
}
