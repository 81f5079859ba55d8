package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.app.Gateway;
import dev.sallyport.app.ReloadOutcome;
import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.ConfigurationLoader;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestCertificates;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an edit of the configuration changes, and what it leaves alone. */
final class ReloadTest {
    private final TestKey key = TestKey.make();
    private final CountDownLatch gate = new CountDownLatch(1);
    private FakeUpstream upstream;
    private FakeUpstream slow;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "hello"));
        slow = FakeUpstream.start(Behaviour.answersAfter(gate, Behaviour.answers(200, "text/plain", "late")));
    }

    @AfterEach
    void stop() throws Exception {
        gate.countDown();
        upstream.close();
        slow.close();
    }

    @Test
    void aChangeOfTheTracesNeedsARestartAndSaysSo() throws Exception {
        String traces = "telemetry: {otlp: \"http://127.0.0.1:1\", sample: 1%}\n";
        String calls = configuration("a", "");
        try (TestGateway gateway = TestGateway.start(calls + traces)) {
            assertThat(gateway.reload(configuration("b", "") + traces))
                    .isEqualTo(new ReloadOutcome.Applied(List.of()));
            assertThat(gateway.reload(calls + traces.replace("1%", "2%")))
                    .isEqualTo(new ReloadOutcome.Applied(List.of("telemetry.sample")));
            assertThat(gateway.reload(calls + traces.replace(":1\"", ":2\"")))
                    .isEqualTo(new ReloadOutcome.Applied(List.of("telemetry.otlp")));
            assertThat(gateway.reload(calls)).isEqualTo(new ReloadOutcome.Applied(List.of("telemetry.otlp")));
        }
    }

    @Test
    void whatIsAddedCanBeCalledAndWhatIsRemovedCannot() throws Exception {
        try (TestGateway gateway = TestGateway.start(configuration("a", ""))) {
            assertThat(call(gateway.port(), "/a/x").status()).isEqualTo(200);
            assertThat(call(gateway.port(), "/b/x").status()).isEqualTo(403);

            assertThat(gateway.reload(configuration("b", ""))).isInstanceOf(ReloadOutcome.Applied.class);
            assertThat(call(gateway.port(), "/a/x").status()).isEqualTo(403);
            assertThat(call(gateway.port(), "/b/x").status()).isEqualTo(200);

            gateway.reload(configuration("b", "").replace(key.hash(), TestKey.make().hash()));
            assertThat(call(gateway.port(), "/b/x").status()).isEqualTo(401);
        }
    }

    @Test
    void whatHasBeenUsedUpStaysUsedUp() throws Exception {
        try (TestGateway gateway = TestGateway.start(configuration("a", "limit: 2/day"))) {
            assertThat(call(gateway.port(), "/a/x").status()).isEqualTo(200);
            gateway.reload(configuration("b", "limit: 2/day"));
            assertThat(call(gateway.port(), "/b/x").status()).isEqualTo(200);
            gateway.reload(configuration("a", "limit: 2/day"));
            assertThat(call(gateway.port(), "/a/x").status()).isEqualTo(429);
        }
    }

    @Test
    void aCallUnderWayEndsAsItBeganAlthoughModelAndCallerAreGone() throws Exception {
        String before = configuration("a", "").replace(upstream.url(), slow.url());
        try (TestGateway gateway = TestGateway.start(before); RawClient client = RawClient.connect(gateway.port())) {
            client.send(request("/a/x"));
            slow.awaitRequest();

            gateway.reload(configuration("b", "").replace(key.hash(), TestKey.make().hash()));
            assertThat(call(gateway.port(), "/a/x").status()).isEqualTo(401);
            gate.countDown();

            RawResponse response = client.response();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("late");
        }
    }

    @Test
    void aBadEditChangesNothingAndSaysWhy() throws Exception {
        try (TestGateway gateway = TestGateway.start(configuration("a", ""))) {
            assertThat(gateway.reload(configuration("b", "limmit: 2/day\n    limit: 2/week")))
                    .isInstanceOfSatisfying(ReloadOutcome.Kept.class, kept -> assertThat(kept.reason())
                            .contains("sallyport.yaml:", "unknown key `limmit` in callers.app; did you mean `limit`?",
                                    "(and 1 more"));
            assertThat(call(gateway.port(), "/a/x").status()).isEqualTo(200);
            assertThat(call(gateway.port(), "/b/x").status()).isEqualTo(403);
        }
    }

    @Test
    void aKeptConnectionToAnUpstreamThatStaysIsUsedOn() throws Exception {
        try (TestGateway gateway = TestGateway.start(configuration("a", ""));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request("/a/x")).response();
            gateway.reload(configuration("a", "limit: 100/s"));
            client.send(request("/a/x")).response();
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void aNewListenerOpensAndOneThatIsGoneTakesNoMoreConnectionsButEndsInPeace() throws Exception {
        int second = freePort();
        try (Gateway gateway =
                start("listen: 127.0.0.1:0\n" + configuration("a", "").replace(upstream.url(), slow.url()))) {
            int first = URI.create(gateway.urls().getFirst()).getPort();
            try (RawClient client = RawClient.connect(first)) {
                client.send(request("/a/x"));
                slow.awaitRequest();

                assertThat(gateway.reload(load("listen: 127.0.0.1:" + second + "\n" + configuration("a", ""))))
                        .isEqualTo(new ReloadOutcome.Applied(java.util.List.of()));

                assertThat(gateway.urls()).containsExactly("http://127.0.0.1:" + second);
                assertThat(call(second, "/a/x").status()).isEqualTo(200);
                assertThatThrownBy(() -> RawClient.connect(first)).isInstanceOf(ConnectException.class);
                gate.countDown();
                assertThat(client.response().text()).isEqualTo("late");
            }
        }
    }

    @Test
    void anAddressThatIsTakenKeepsEverythingAsItIs() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Gateway gateway = start("listen: 127.0.0.1:0\n" + configuration("a", ""))) {
            int first = URI.create(gateway.urls().getFirst()).getPort();
            String two = "listen: [127.0.0.1:0, 127.0.0.1:" + taken.getLocalPort() + "]\n";

            assertThat(gateway.reload(load(two + configuration("b", ""))))
                    .isInstanceOfSatisfying(ReloadOutcome.Kept.class, kept -> assertThat(kept.reason())
                            .contains("cannot listen on 127.0.0.1:" + taken.getLocalPort(), "change `listen`"));

            assertThat(gateway.urls()).containsExactly("http://127.0.0.1:" + first);
            assertThat(call(first, "/a/x").status()).isEqualTo(200);
        }
    }

    @Test
    void whatOnlyARestartChangesIsNamedAndTheRestApplied() throws Exception {
        try (Gateway gateway = start("listen: 127.0.0.1:0\n" + configuration("a", ""))) {
            String changed = "listen: 127.0.0.1:0\nloops: 3\nlimits: {streams: 7}\nproxies: 10.0.0.0/8\n";
            assertThat(gateway.reload(load(changed + configuration("b", ""))))
                    .isEqualTo(new ReloadOutcome.Applied(java.util.List.of("proxies", "loops", "limits")));
            assertThat(call(URI.create(gateway.urls().getFirst()).getPort(), "/b/x").status()).isEqualTo(200);
        }
    }

    @Test
    void keepsWhatItHasWhenACertificateThatTheNextStartWouldTakeCannotBeUsed() throws Exception {
        TestCertificates certificates = new TestCertificates();
        Path chain = certificates.server("127.0.0.1").write(directory, "server");
        certificates.server("127.0.0.1").write(directory, "other");
        try (Gateway gateway = start("listen: 127.0.0.1:0\n" + configuration("a", ""))) {
            String secure =
                    "listen: 127.0.0.1:0\ntls: {certificate: " + chain + ", key: KEY}\n" + configuration("b", "");
            assertThat(gateway.reload(load(secure.replace("KEY", directory.resolve("other.key").toString()))))
                    .isInstanceOfSatisfying(ReloadOutcome.Kept.class, kept -> assertThat(kept.reason())
                            .contains("other.key", "is not the key of the certificate in", "server.pem"));
            assertThat(call(URI.create(gateway.urls().getFirst()).getPort(), "/a/x").status()).isEqualTo(200);

            assertThat(gateway.reload(load(secure.replace("KEY", directory.resolve("server.key").toString()))))
                    .isEqualTo(new ReloadOutcome.Applied(java.util.List.of("tls")));
            assertThat(call(URI.create(gateway.urls().getFirst()).getPort(), "/b/x").status()).isEqualTo(200);
        }
    }

    private Gateway start(String text) throws IOException {
        return Gateway.start(load(text), Time.SYSTEM, new SplittableRandom(1), OutputStream.nullOutputStream());
    }

    private static Configuration load(String text) {
        return ConfigurationLoader.parse(Path.of("sallyport.yaml"), ("admin: 127.0.0.1:0\n" + text).getBytes(UTF_8))
                .orThrow();
    }

    private String configuration(String model, String limit) {
        return """
                models:
                  %s: {url: "%s"}
                callers:
                  app:
                    key: "%s"
                    may: ["*"]
                    %s
                """.formatted(model, upstream.url(), key.hash(), limit);
    }

    private String request(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\nX-Api-Key: " + key.text() + "\r\n\r\n";
    }

    private RawResponse call(int port, String path) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            return client.send(request(path)).response();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
