package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.ReceivedRequest;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import dev.sallyport.testkit.UpstreamConnection;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** WebSockets over HTTP/2 (RFC 8441), to an upstream that knows them over HTTP/1.1 only. */
final class ExtendedConnectTest {
    private static final int CANCEL = 8;
    private static final int MASK = 0x80;

    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;
    private FrameClient client;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(new WebSocketEcho());
        gateway = TestGateway.start("""
                models:
                  chat: {url: "%s"}
                callers:
                  app: {key: "%s", may: [chat]}
                """.formatted(upstream.url(), key.hash()));
        client = new FrameClient(gateway.port());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        gateway.close();
        upstream.close();
    }

    @Test
    void opensATunnelAndPassesFramesBothWays() throws Exception {
        assertThat(client.connectProtocol()).isTrue();
        connect("authorization", key.bearer());

        Http2Headers answer = client.decode(client.next());
        client.data(1, false, masked(0x81, "hello"));
        String echoed = client.next().text();
        client.data(1, false, masked(0x88, ""));
        String closing = client.next().text();

        assertThat(answer.status()).hasToString("200");
        assertThat(echoed).isEqualTo("\u0081\u0005hello");
        assertThat(closing).isEqualTo("\u0088\u0000");
        assertThat(client.next().endStream()).isTrue();
        ReceivedRequest received = upstream.awaitRequest();
        assertThat(received.method()).isEqualTo("GET");
        assertThat(received.target()).isEqualTo("/room?id=1");
        assertThat(received.field("upgrade")).isEqualTo("websocket");
        assertThat(received.field("sec-websocket-version")).isEqualTo("13");
        assertThat(received.field("authorization")).isNull();
    }

    @Test
    void aStreamThatTheClientResetsEndsTheTunnelUpstream() throws Exception {
        connect("authorization", key.bearer());
        assertThat(client.decode(client.next()).status()).hasToString("200");
        UpstreamConnection connection = upstream.awaitConnection();

        client.reset(1, CANCEL);

        connection.ended().get(20, TimeUnit.SECONDS);
        assertThat(gateway.awaitLines(1).getFirst().get("protocol").stringValue()).isEqualTo("HTTP/2");
    }

    @Test
    void withoutACredentialThereIsNoTunnel() throws Exception {
        connect("x-nothing", "here");

        Http2Headers answer = client.decode(client.next());
        String problem = client.next().text();

        assertThat(answer.status()).hasToString("401");
        assertThat(JsonMapper.shared().readTree(problem.getBytes(ISO_8859_1)).get("code").stringValue())
                .isEqualTo("credential-missing");
        assertThat(upstream.requests()).isEmpty();
    }

    private void connect(String name, String value) throws Exception {
        client.headers(1, false, ":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path",
                "/chat/room?id=1",
                ":authority", "a.example", "sec-websocket-version", "13", name, value);
    }

    /** A client's frame; the mask is zero, which changes nothing. */
    private static String masked(int first, String payload) {
        return "" + (char) first + (char) (MASK | payload.length()) + "\0\0\0\0" + payload;
    }
}
