package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestCertificates;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever goes wrong behind the gateway, the caller and the log learn who failed and how. */
final class UpstreamFailureTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String TIMEOUTS = "{connect: 300 ms, first-byte: 300 ms, idle: 300 ms, total: 20 s}";

    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.neverAnswers());
        gateway = gateway(upstream.url(), TIMEOUTS, "retries: 0");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void anUpstreamThatNeverBeginsToAnswerIs504() throws Exception {
        assertFailed(call(gateway), 504, "upstream-first-byte-timeout");
    }

    @Test
    void anUpstreamThatResetsIs502() throws Exception {
        upstream.behave(Behaviour.resetsAfter(""));
        assertFailed(call(gateway), 502, "upstream-reset");
    }

    @Test
    void anUpstreamThatHalfClosesWithoutAnAnswerIs502() throws Exception {
        upstream.behave(Behaviour.halfCloses());
        assertFailed(call(gateway), 502, "upstream-reset");
    }

    @Test
    void anUpstreamThatStopsInTheMiddleOfItsHeadIs504() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        upstream.behave((connection, request) -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-");
            never.await();
        });
        assertFailed(call(gateway), 504, "upstream-first-byte-timeout");
        never.countDown();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\u0000b\r\n\r\n",
        "HTTP/1.1 099 No\r\n\r\n"})
    void anAnswerThatBreaksTheProtocolIs502AndDoesNotReachTheClient(String answer) throws Exception {
        upstream.behave(Behaviour.sends(answer));
        assertFailed(call(gateway), 502, "upstream-protocol-error");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\nzz\r\n"})
    void anAnswerThatBreaksOffIsNeverPassedOnAsWhole(String answer) throws Exception {
        upstream.behave(Behaviour.sends(answer));
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(request());
            String received = new String(client.input().readAllBytes(), ISO_8859_1);

            assertThat(received).doesNotContain("\r\n0\r\n");
            assertThat(received.substring(received.indexOf("\r\n\r\n") + 1)).hasSizeLessThan(50);
            JsonNode line = gateway.awaitLines(1).getFirst();
            assertThat(line.get("outcome").stringValue()).isEqualTo("upstream");
            assertThat(line.get("refusal").stringValue()).isIn("upstream-reset", "upstream-protocol-error");
        }
    }

    @Test
    void anAnswerThatStallsIsBrokenOffAndLoggedAsTheUpstreamsFault() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        upstream.behave(Behaviour.pausesInBody(never, "first", "rest"));
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(request());
            RawResponse head = client.head();
            assertThat(client.chunk()).isEqualTo("first");
            client.drain();

            JsonNode line = gateway.awaitLine(String.valueOf(head.field("sallyport-call")));
            assertThat(line.get("refusal").stringValue()).isEqualTo("upstream-idle-timeout");
            assertThat(line.get("outcome").stringValue()).isEqualTo("upstream");
        }
        never.countDown();
    }

    @Test
    void aPortWhereNobodyListensIs502() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (TestGateway lonely = gateway("http://127.0.0.1:" + free, TIMEOUTS, "retries: 0")) {
            assertFailed(lonely, call(lonely), 502, "upstream-connect-failed");
        }
    }

    @Test
    void anUpstreamWhoseQueueIsFullIs504() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Fillers fillers = new Fillers(full.getLocalPort());
                TestGateway waiting = gateway("http://127.0.0.1:" + full.getLocalPort(), TIMEOUTS, "retries: 0")) {
            fillers.fill();
            assertFailed(waiting, call(waiting), 504, "upstream-connect-timeout");
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForIs502() throws Exception {
        TestCertificates strange = new TestCertificates();
        try (FakeUpstream secure = FakeUpstream.startSecure(strange.server("127.0.0.1").serverContext(),
                Behaviour.answers(200, "text/plain", "x"));
                TestGateway distrusting = gateway(secure.url(), TIMEOUTS, "retries: 0")) {
            assertFailed(distrusting, call(distrusting), 502, "upstream-tls-failed");
            assertThat(secure.requests()).isEmpty();
        }
    }

    @Test
    void aCallThatFindsNoFreeConnectionInTimeIs503() throws Exception {
        try (TestGateway narrow = gateway(upstream.url(), "{connect: 300 ms, first-byte: 20 s, total: 30 s}",
                "retries: 0, connections: 1");
                RawClient first = RawClient.connect(narrow.port())) {
            first.send(request());
            upstream.awaitRequest();

            try (RawClient second = RawClient.connect(narrow.port())) {
                second.send(request().replace("\r\n\r\n", "\r\nSallyport-Timeout-Ms: 200\r\n\r\n"));
                assertFailed(narrow, second.response(), 503, "pool-exhausted");
            }
        }
    }

    @Test
    void theDeadlineThatTheClientSetsIsKept() throws Exception {
        try (TestGateway patient = gateway(upstream.url(), "{first-byte: 20 s, total: 30 s}", "retries: 0");
                RawClient client = RawClient.connect(patient.port())) {
            client.send(request().replace("\r\n\r\n", "\r\nSallyport-Timeout-Ms: 200\r\n\r\n"));

            assertFailed(patient, client.response(), 504, "deadline-exceeded");
        }
    }

    @Test
    void theLogTellsTheTimeOfEachPhaseOfACallThatTimedOut() throws Exception {
        RawResponse response = call(gateway);

        JsonNode line = gateway.awaitLine(String.valueOf(response.field("sallyport-call")));

        assertThat(line.get("phases_ns").propertyNames()).contains("identify", "limit", "authorize", "inspect",
                "connect", "send");
        assertThat(line.get("total_ns").longValue()).isGreaterThan(250_000_000L);
        assertThat(line.get("endpoint").stringValue()).isEqualTo("127.0.0.1:" + upstream.port());
        assertThat(line.get("attempts").intValue()).isEqualTo(1);
    }

    private void assertFailed(RawResponse response, int status, String code) throws Exception {
        assertFailed(gateway, response, status, code);
    }

    private static void assertFailed(TestGateway gateway, RawResponse response, int status, String code)
            throws Exception {
        assertThat(response.status()).as(response.text()).isEqualTo(status);
        assertThat(response.field("content-type")).isEqualTo("application/problem+json");
        assertThat(JSON.readTree(response.body()).get("code").stringValue()).isEqualTo(code);
        JsonNode line = gateway.awaitLine(String.valueOf(response.field("sallyport-call")));
        assertThat(line.get("refusal").stringValue()).isEqualTo(code);
        assertThat(line.get("status").intValue()).isEqualTo(status);
        assertThat(line.get("outcome").stringValue()).isEqualTo(code.equals("pool-exhausted") ? "gateway" : "upstream");
    }

    private TestGateway gateway(String url, String timeouts, String more) throws IOException {
        return TestGateway.start("""
                models:
                  m: {url: "%s", timeouts: %s, %s}
                callers:
                  app: {key: "%s", may: [m]}
                """.formatted(url, timeouts, more, key.hash()));
    }

    private RawResponse call(TestGateway called) throws IOException {
        try (RawClient client = RawClient.connect(called.port())) {
            return client.send(request()).response();
        }
    }

    private String request() {
        return "GET /m/predict HTTP/1.1\r\nHost: a.example\r\nAuthorization: " + key.bearer() + "\r\n\r\n";
    }
}
