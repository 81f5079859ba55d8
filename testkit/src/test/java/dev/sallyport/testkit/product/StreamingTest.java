package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.ReceivedRequest;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import dev.sallyport.testkit.UpstreamConnection;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Bodies pass as they come, and who hangs up is noticed. */
final class StreamingTest {
    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.echoes());
        gateway = TestGateway.start("""
                models:
                  m: {url: "%s", timeouts: {first-byte: 60 s, idle: 60 s}}
                callers:
                  app: {key: "%s", may: [m]}
                """.formatted(upstream.url(), key.hash()));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void eventsArriveOneByOneAsTheyAreSent() throws Exception {
        SynchronousQueue<String> events = new SynchronousQueue<>();
        upstream.behave((connection, request) -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (String event = events.take(); !event.isEmpty(); event = events.take()) {
                connection.sendChunk(event);
            }
            connection.send("0\r\n\r\n");
        });
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(get());
            assertThat(client.head().field("content-type")).isEqualTo("text/event-stream");
            for (String event : new String[]{"data: one\n\n", "data: two\n\n", "data: three\n\n"}) {
                events.put(event);
                assertThat(client.chunk()).isEqualTo(event);
            }
            events.put("");
            assertThat(client.chunk()).isEmpty();
        }
    }

    @Test
    void aClientThatHangsUpBeforeTheAnswerCancelsTheWorkAtOnce() throws Exception {
        upstream.behave(Behaviour.neverAnswers());
        RawClient client = RawClient.connect(gateway.port());
        client.send(get());
        UpstreamConnection connection = upstream.awaitConnection();
        upstream.awaitRequest();

        client.close();

        connection.ended().get(20, TimeUnit.SECONDS);
        JsonNode line = gateway.awaitLines(1).getFirst();
        assertThat(line.get("status").intValue()).isEqualTo(499);
        assertThat(line.get("outcome").stringValue()).isEqualTo("client");
        assertThat(line.get("refusal").stringValue()).isEqualTo("client-disconnected");
        assertThat(line.get("total_ns").longValue()).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }

    @Test
    void aClientThatHangsUpWithinTheAnswerCancelsTheWorkAtOnce() throws Exception {
        upstream.behave(Behaviour.neverEnds());
        RawClient client = RawClient.connect(gateway.port());
        client.send(get());
        assertThat(client.head().status()).isEqualTo(200);

        client.reset();

        upstream.awaitConnection().ended().get(20, TimeUnit.SECONDS);
        assertThat(gateway.awaitLines(1).getFirst().get("outcome").stringValue()).isEqualTo("client");
    }

    @Test
    void theClientIsToldToGoOnOnlyWhenItsBodyIsWanted() throws Exception {
        upstream.behave(Behaviour.echoes());
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST /m/predict HTTP/1.1\r\nHost: a.example\r\nAuthorization: " + key.bearer()
                    + "\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(100);
            client.send("body");
            RawResponse response = client.response();
            assertThat(response.text()).isEqualTo("body");
        }
        ReceivedRequest received = upstream.awaitRequest();
        assertThat(received.bodyText()).isEqualTo("body");
    }

    private String get() {
        return "GET /m/predict HTTP/1.1\r\nHost: a.example\r\nAuthorization: " + key.bearer() + "\r\n\r\n";
    }
}
