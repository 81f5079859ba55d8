package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.Eventually;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestKey;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process of its own, ended as an orchestrator does: by SIGTERM. */
final class ShutdownTest {
    private final TestKey key = TestKey.make();
    private final CountDownLatch gate = new CountDownLatch(1);

    @TempDir
    private Path directory;

    private FakeUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.answersAfter(gate, Behaviour.answers(200, "text/plain", "done")));
    }

    @AfterEach
    void stop() throws Exception {
        gate.countDown();
        upstream.close();
    }

    @Test
    void callsInFlightEndAndNewConnectionsAreRefused() throws Exception {
        Process process = run("");
        JsonNode ready = ready(process);
        int port = port(ready);
        try (RawClient client = RawClient.connect(port); RawClient idle = RawClient.connect(port)) {
            client.send(request());
            upstream.awaitRequest();
            assertThat(readiness(ready).status()).isEqualTo(200);

            process.destroy();

            assertThat(idle.drain()).isZero();
            Eventually.assertEventually(() -> assertRefused(port));
            assertThat(process.isAlive()).isTrue();
            assertThat(readiness(ready).status()).isEqualTo(503);
            assertThat(readiness(ready).text()).contains("\"status\":\"draining\"");
            gate.countDown();
            RawResponse response = client.response();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("done");
            assertThat(response.field("connection")).isEqualTo("close");
            assertThat(client.drain()).isZero();
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readAllLines(directory.resolve("access.log"))).singleElement().asString()
                .contains("\"status\":200");
    }

    @Test
    void aCallThatNeverEndsDoesNotKeepTheProcessForEver() throws Exception {
        upstream.behave(Behaviour.neverAnswers());
        Process process = run("limits: {drain-millis: 300}\n");
        int port = port(ready(process));
        try (RawClient client = RawClient.connect(port)) {
            client.send(request());
            upstream.awaitRequest();

            process.destroy();

            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(upstream.awaitConnection().ended()).succeedsWithin(20, TimeUnit.SECONDS);
        }
        assertThat(Files.readAllLines(directory.resolve("access.log"))).hasSize(1);
    }

    private static void assertRefused(int port) throws Exception {
        try (RawClient late = RawClient.connect(port)) {
            throw new AssertionError("still accepts connections: " + late);
        } catch (ConnectException _) {
            // as it should
        }
    }

    private String request() {
        return "GET /m/predict HTTP/1.1\r\nHost: a.example\r\nAuthorization: " + key.bearer() + "\r\n\r\n";
    }

    private Process run(String more) throws Exception {
        Path configuration = Files.writeString(directory.resolve("sallyport.yaml"), """
                listen: 127.0.0.1:0
                admin: 127.0.0.1:0
                telemetry: {access-log: access.log}
                models:
                  m: {url: "%s"}
                callers:
                  app: {key: "%s", may: [m]}
                """.formatted(upstream.url(), key.hash()) + more);
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "dev.sallyport.app.Main", "run", "--json", configuration.toString())
                .redirectError(directory.resolve("errors").toFile())
                .start();
    }

    private JsonNode ready(Process process) throws Exception {
        BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        String line = output.readLine();
        assertThat(line).as(Files.readString(directory.resolve("errors"))).isNotNull();
        return JsonMapper.shared().readTree(line);
    }

    private static int port(JsonNode ready) {
        return URI.create(ready.get("listeners").get(0).get("url").stringValue()).getPort();
    }

    private static RawResponse readiness(JsonNode ready) throws Exception {
        try (RawClient client = RawClient.connect(URI.create(ready.get("admin").stringValue()).getPort())) {
            return client.send("GET /readyz HTTP/1.1\r\nHost: admin\r\n\r\n").response();
        }
    }
}
