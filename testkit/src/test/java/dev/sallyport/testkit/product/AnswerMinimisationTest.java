package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.Field;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.ReceivedRequest;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who is trusted less learns less from an answer, and from nothing around it what was taken out. */
final class AnswerMinimisationTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SCORES =
            "{\"label\": \"seven\", \"score\": 0.87654321, \"scores\": [0.01234567, 0.87654321, 0.11111112]}";
    private static final String LABEL_ONLY = "{public: {label-only: true}}";

    private final TestKey everybody = TestKey.make();
    private final TestKey partner = TestKey.make();
    private final TestKey internal = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.answers(200, "application/json", SCORES));
        gateway = gateway("reveal: {partner: {top: 2, digits: 2}, public: {label-only: true}}");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void eachCohortSeesWhatItMayAndNoMore() throws Exception {
        RawResponse toEverybody = call(everybody);

        assertThat(toEverybody.text()).doesNotContain("0.8", "0.01", "0.11", "\"score\"").contains("seven");
        JsonNode scores = JSON.readTree(toEverybody.body()).get("scores");
        assertThat(scores).extracting(JsonNode::intValue).containsExactly(0, 1, 0);
        assertThat(toEverybody.field("content-length")).isEqualTo(Integer.toString(toEverybody.body().length));
        assertThat(call(partner).text()).contains("0.88", "0.11").doesNotContain("0.876", "0.111", "0.012");
        assertThat(call(internal).text()).isEqualTo(SCORES);
    }

    @Test
    void theSameAnswerIsMinimisedToTheSameBytesHoweverOftenItIsAsked() throws Exception {
        byte[] first = call(partner).body();
        for (int i = 0; i < 20; i++) {
            assertThat(call(partner).body()).isEqualTo(first);
        }
    }

    @Test
    void aCohortWithoutARuleOfItsOwnSeesNoMoreThanOneThatIsTrustedMore() throws Exception {
        try (TestGateway inheriting = gateway("reveal: {partner: {top: 1, digits: 1}}")) {
            assertThat(call(inheriting, get(everybody)).text()).isEqualTo(call(inheriting, get(partner)).text())
                    .contains("0.9").doesNotContain("0.87");
            assertThat(call(inheriting, get(internal)).text()).isEqualTo(SCORES);
        }
    }

    @Test
    void nothingAroundAMinimisedAnswerTellsWhatWasTakenOut() throws Exception {
        upstream.behave(Behaviour.sends("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"9f86d081\"\r\n"
                + "Last-Modified: Wed, 21 Oct 2026 07:28:00 GMT\r\nContent-MD5: x\r\nDigest: sha-256=x\r\ncontent-digest: sha-256=:x:\r\n"
                + "Repr-Digest: sha-256=:x:\r\nSignature: a=:x:\r\nAccept-Ranges: bytes\r\nX-Amz-Checksum-Sha256: x\r\n"
                + "X-Request-Id: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(SCORES.length()) + "\r\n" + SCORES + "\r\n0\r\nX-Scores: 0.87654321\r\n\r\n"));
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(get(everybody).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            RawResponse head = client.head();

            assertThat(head.fields()).extracting(Field::name).map(String::toLowerCase).containsExactlyInAnyOrder(
                    "content-type", "x-request-id", "vary", "sallyport-call", "content-length", "connection");
            assertThat(new String(client.input().readAllBytes(), ISO_8859_1)).doesNotContain("0.87654321");
        }
    }

    @Test
    void aSharedCacheLearnsThatAnswersDifferByCredentialAlsoFromWholeOnes() throws Exception {
        assertThat(call(internal).field("vary")).isEqualTo("authorization, x-api-key");
        assertThat(call(everybody).field("vary")).isEqualTo("authorization, x-api-key");
    }

    @Test
    void theModelIsAskedForAWholeAnswerThatNobodyCanGuessAt() throws Exception {
        call(gateway, get(everybody).replace("\r\n\r\n",
                "\r\nAccept-Encoding: gzip\r\nRange: bytes=0-9\r\nIf-Range: \"x\"\r\n"
                        + "If-None-Match: \"9f86d081\"\r\nIf-Match: \"9f86d081\"\r\nWant-Content-Digest: sha-256=9\r\n\r\n"));
        ReceivedRequest minimised = upstream.awaitRequest();
        call(gateway,
                get(internal).replace("\r\n\r\n", "\r\nAccept-Encoding: gzip\r\nIf-None-Match: \"9f86d081\"\r\n\r\n"));
        ReceivedRequest whole = upstream.awaitRequest();

        assertThat(minimised.fields()).extracting(Field::name).map(String::toLowerCase)
                .doesNotContain("range", "if-range", "if-none-match", "if-match", "want-content-digest");
        assertThat(minimised.field("accept-encoding")).isEqualTo("identity");
        assertThat(whole.field("if-none-match")).isEqualTo("\"9f86d081\"");
        assertThat(whole.field("accept-encoding")).isEqualTo("gzip");
    }

    @Test
    void theLengthOfAHiddenAnswerIsNotToldToAHeadRequest() throws Exception {
        upstream.behave(Behaviour
                .sends("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"a\"\r\nContent-Length: 91\r\n\r\n"));
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawResponse head = client.send(get(everybody).replace("GET", "HEAD")).head();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.field("content-length")).isNull();
            assertThat(head.field("etag")).isNull();
        }
    }

    @Test
    void anErrorMessageOfTheModelIsMinimisedToo() throws Exception {
        upstream.behave(Behaviour.answers(409, "application/problem+json", SCORES));

        assertThat(call(everybody).status()).isEqualTo(409);
        assertThat(call(everybody).text()).contains("seven").doesNotContain("0.8765");
    }

    @Test
    void anAnswerThatIsCompressedAgainstOurWishIsUnpackedAndMinimised() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(SCORES.getBytes(UTF_8));
        }
        upstream.behave((connection, request) -> {
            connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: "
                            + packed.size() + "\r\n\r\n");
            connection.output().write(packed.toByteArray());
            connection.output().flush();
        });

        RawResponse response = call(everybody);

        assertThat(response.field("content-encoding")).isNull();
        assertThat(JSON.readTree(response.body()).get("label").stringValue()).isEqualTo("seven");
        assertThat(response.text()).doesNotContain("0.8765");
    }

    @Test
    void aLargeAnswerIsMinimisedBesideTheEventLoop() throws Exception {
        String large = "{\"predictions\": [" + (SCORES + ",").repeat(5_000) + SCORES + "]}";
        upstream.behave(Behaviour.answers(200, "application/json", large));

        assertThat(call(partner).text()).hasSizeGreaterThan(200_000).contains("0.88").doesNotContain("0.876");
        assertThat(call(internal).text()).isEqualTo(large);
        upstream.behave(Behaviour.answers(400, "application/json", large.replace("seven", "at a.py:7")));
        assertThat(call(internal).text()).contains("upstream-error");
        upstream.behave(Behaviour.answers(200, "application/json", large.substring(1)));
        assertThat(call(partner).text()).contains("answer-not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Type: text/plain\r\n|" + SCORES,
        "|" + SCORES,
        "Content-Type: application/json\r\nContent-Type: application/json\r\n|" + SCORES,
        "Content-Type: application/json; charset=utf-16\r\n|" + SCORES,
        "Content-Type: application/octet-stream\r\n|0.87654321",
        "Content-Type: application/json\r\nContent-Encoding: compress\r\n|0.87654321",
        "Content-Type: application/json\r\nContent-Encoding: gzip\r\n|0.87654321",
        "Content-Type: application/json\r\n|{\"score\": 0.87654321",
        "Content-Type: application/json\r\n|{\"score\": 0.87654321, \"score\": 0.87654321}",
        "Content-Type: application/json\r\n|{\"score\": 0.87654321} {}"})
    void whatCannotBeInspectedIsRefusedOrPassedAsConfigured(String answer) throws Exception {
        String body = answer.substring(answer.indexOf('|') + 1);
        upstream.behave(Behaviour.sends("HTTP/1.1 200 OK\r\n" + answer.substring(0, answer.indexOf('|'))
                + "Content-Length: " + body.length() + "\r\n\r\n" + body));
        RawResponse refused = call(everybody);

        assertThat(refused.status()).isEqualTo(502);
        assertThat(refused.text()).contains("answer-not-acceptable").doesNotContain("0.8765");
        try (TestGateway passing = gateway("unreadable: passed, reveal: " + LABEL_ONLY)) {
            assertThat(call(passing, get(everybody)).text()).isEqualTo(body);
        }
        assertThat(call(internal).text()).isEqualTo(body);
    }

    @Test
    void eventsAreMinimisedOneByOneAsTheyPass() throws Exception {
        SynchronousQueue<String> events = new SynchronousQueue<>();
        upstream.behave((connection, request) -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (String event = events.take(); !event.isEmpty(); event = events.take()) {
                connection.sendChunk(event);
            }
            connection.send("0\r\n\r\n");
        });
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.send(get(partner)).head().field("content-type")).isEqualTo("text/event-stream");
            events.put("data: {\"score\": 0.87654321}\n\n");
            assertThat(client.chunk()).isEqualTo("data: {\"score\": 0.88}\n\n");
            events.put("event: token\nid: 7\ndata: {\"score\": 0.8");
            events.put("7654321}\r\n\r\n: 0.87654321\n\n");
            assertThat(client.chunk()).isEqualTo("event: token\nid: 7\ndata: {\"score\": 0.88}\n\n:\n\n");
            events.put("secret: 0.87654321\ndata: [DONE]\n\n");
            assertThat(client.chunk()).isEqualTo("data: [DONE]\n\n");
            events.put("data: {\"score\": 0.87654321}");
            events.put("");
            assertThat(client.chunk()).isEqualTo("data: {\"score\": 0.88}\n\n");
            assertThat(client.chunk()).isEmpty();
        }
    }

    @Test
    void anEventThatIsNoJsonBreaksTheStreamOff() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        upstream.behave((connection, request) -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            connection.sendChunk("data: {\"score\": 0.87654321}\n\n");
            read.await();
            connection.sendChunk("data: score=0.87654321\n\n");
            connection.awaitEnd();
        });
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawResponse head = client.send(get(partner)).head();
            assertThat(client.chunk()).isEqualTo("data: {\"score\": 0.88}\n\n");
            read.countDown();
            assertThat(client.drain()).isZero();

            JsonNode line = gateway.awaitLine(String.valueOf(head.field("sallyport-call")));
            assertThat(line.get("refusal").stringValue()).isEqualTo("answer-not-acceptable");
        }
    }

    @Test
    void linesOfJsonAreMinimisedOneByOne() throws Exception {
        upstream.behave(Behaviour.answers(200, "application/x-ndjson", SCORES + "\n\r\n" + SCORES));

        List<String> lines = call(partner).text().lines().toList();

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).isEqualTo(lines.get(2)).contains("0.88").doesNotContain("0.8765");
    }

    @Test
    void aTunnelIsNoWayAroundMinimisation() throws Exception {
        upstream.behave((connection, request) -> {
            connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n0.87654321");
            connection.awaitEnd();
        });
        String upgrade = "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

        RawResponse refused = call(gateway, get(everybody).replace("\r\n\r\n", upgrade));

        assertThat(refused.status()).isEqualTo(502);
        assertThat(refused.text()).contains("answer-not-acceptable");
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.send(get(internal).replace("\r\n\r\n", upgrade)).head().status()).isEqualTo(101);
        }
    }

    private RawResponse call(TestKey key) throws IOException {
        return call(gateway, get(key));
    }

    private static RawResponse call(TestGateway called, String request) throws IOException {
        try (RawClient client = RawClient.connect(called.port())) {
            return client.send(request).response();
        }
    }

    private static String get(TestKey key) {
        return "GET /m/predict HTTP/1.1\r\nHost: a.example\r\nAuthorization: " + key.bearer() + "\r\n\r\n";
    }

    private TestGateway gateway(String answer) throws IOException {
        return TestGateway.start("""
                models:
                  m: {url: "%s", retries: 0, answer: {%s}}
                callers:
                  app: {key: "%s", may: [m]}
                  partner: {key: "%s", cohort: partner, may: [m]}
                  internal: {key: "%s", cohort: internal, may: [m]}
                """.formatted(upstream.url(), answer, everybody.hash(), partner.hash(), internal.hash()));
    }
}
