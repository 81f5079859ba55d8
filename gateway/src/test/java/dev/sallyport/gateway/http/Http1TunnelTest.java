package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.http.TestingHandler.RecordedExchange;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tunnels through HTTP/1.1: what opens one, what moves in it, and how it ends. */
final class Http1TunnelTest {
    private static final String HANDSHAKE = """
            GET /chat HTTP/1.1\r
            Host: a.example\r
            Connection: keep-alive, Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;

    /** Opens every tunnel that is asked for, sends each chunk back, and half-closes when the client does. */
    private static TestingHandler tunnels() {
        TestingHandler handler = new TestingHandler();
        handler.onExchange = recorded -> {
            recorded.exchange.respond(
                    new ResponseHead(101, Headers.of("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), 0),
                    false);
            recorded.onChunk = () -> {
                recorded.exchange.chunk(TestingHandler.text(recorded.text()));
                recorded.body.reset();
            };
            recorded.onEnd = () -> recorded.exchange.end(new Headers());
            recorded.exchange.resumeRequest();
        };
        return handler;
    }

    @Test
    void carriesBytesBothWays() throws Exception {
        TestingHandler handler = tunnels();
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            RawHttp1Client.Answer answer = client.send(HANDSHAKE).answer();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.field("upgrade")).isEqualTo("websocket");
            assertThat(answer.field("connection")).isEqualTo("upgrade");
            assertThat(answer.field("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(next(handler).exchange.request().upgrade()).isEqualTo("websocket");

            client.send("GET / HTTP/1.1\r\n");
            assertThat(client.line()).isEqualTo("GET / HTTP/1.1");
            client.send("\0\1\r\n");
            assertThat(client.line()).isEqualTo("\0\1");
        }
    }

    @Test
    void carriesBytesThatComeWithTheHandshake() throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(tunnels());
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            assertThat(client.send(HANDSHAKE + "early\r\n").answer().status()).isEqualTo(101);
            assertThat(client.line()).isEqualTo("early");
        }
    }

    @Test
    void endsWhenBothSidesHaveEnded() throws Exception {
        TestingHandler handler = tunnels();
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send(HANDSHAKE).answer();
            client.send("bye\r\n");
            client.socket().shutdownOutput();

            assertThat(client.untilClosed()).isEqualTo("bye\r\n");
            RecordedExchange recorded = next(handler);
            assertThat(recorded.events.poll(5, TimeUnit.SECONDS)).isEqualTo("end");
            onLoop(recorded, () -> assertThat(recorded.events).isEmpty());
        }
    }

    @Test
    void stillDeliversWhatTheClientSendsAfterOurEnd() throws Exception {
        TestingHandler handler = new TestingHandler();
        handler.onExchange = recorded -> {
            recorded.exchange.respond(new ResponseHead(101, new Headers(), 0), false);
            recorded.exchange.resumeRequest();
            recorded.exchange.chunk(TestingHandler.text("bye\r\n"));
            recorded.exchange.end(new Headers());
        };
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send(HANDSHAKE).answer();
            assertThat(client.untilClosed()).isEqualTo("bye\r\n");
            client.send("last");
            client.close();

            RecordedExchange recorded = next(handler);
            assertThat(recorded.events.poll(5, TimeUnit.SECONDS)).isEqualTo("end");
            assertThat(recorded.text()).isEqualTo("last");
        }
    }

    @Test
    void servesTheNextRequestWhenATunnelIsDeclined() throws Exception {
        TestingHandler handler = new TestingHandler();
        handler.onExchange = recorded -> recorded.answer(403, "no");
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            RawHttp1Client.Answer answer = client.send(HANDSHAKE).answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.fields()).doesNotContainKey("upgrade");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().status()).isEqualTo(403);
        }
    }

    @Test
    void noticesThatTheClientIsGone() throws Exception {
        TestingHandler handler = new TestingHandler();
        handler.onExchange = recorded -> recorded.exchange.respond(new ResponseHead(101, new Headers(), 0), false);
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send(HANDSHAKE).answer();
            client.socket().setSoLinger(true, 0);
            client.close();

            assertThat(next(handler).events.poll(5, TimeUnit.SECONDS)).isEqualTo("disconnected");
        }
    }

    @Test
    void hangsUpOnATunnelThatIsSilentForTooLong() throws Exception {
        TestingHandler handler = tunnels();
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send(HANDSHAKE).answer();
            gateway.clock.advanceMillis(Limits.DEFAULTS.tunnelIdleMillis() - 5_000);
            client.send("still here\r\n");
            assertThat(client.line()).isEqualTo("still here");
            gateway.clock.advanceMillis(Limits.DEFAULTS.tunnelIdleMillis() - 5_000);
            client.send("still here\r\n");
            assertThat(client.line()).isEqualTo("still here");
            gateway.clock.advanceMillis(Limits.DEFAULTS.tunnelIdleMillis() + 1_000);

            assertThat(client.untilClosed()).isEmpty();
            assertThat(next(handler).events.poll(5, TimeUnit.SECONDS)).isEqualTo("disconnected");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Sec-WebSocket-Version: 13>Sec-WebSocket-Version: 8", "Sec-WebSocket-Version: 13\r\n>",
        "Sec-WebSocket-Version: 13>Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13",
        "dGhlIHNhbXBsZSBub25jZQ==>c2hvcnQ=", "dGhlIHNhbXBsZSBub25jZQ==>dGhlIHNhbXBsZSBub25jZR==",
        "dGhlIHNhbXBsZSBub25jZQ==>dGhlIHNhbXBsZSBub25jZ===", "Sec-WebSocket-Key>X", "GET>POST",
        "Connection>Content-Length: 1\r\nConnection"})
    void refusesAHandshakeThatIsNotOne(String change) throws Exception {
        TestingHandler handler = tunnels();
        String[] sides = change.split(">", -1);
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            assertThat(client.send(HANDSHAKE.replace(sides[0], sides[1])).answer().status()).isEqualTo(400);
            assertThat(requireNonNull(handler.refusals.poll(5, TimeUnit.SECONDS)).reason().code())
                    .isEqualTo(RefusalCode.MALFORMED_REQUEST);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"keep-alive, Upgrade>keep-alive", "HTTP/1.1>HTTP/1.0", "websocket>h2c", "websocket>TLS/1.0"})
    void ignoresAnUpgradeThatItDoesNotServe(String change) throws Exception {
        TestingHandler handler = TestingHandler.echo();
        String[] sides = change.split(">", -1);
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            assertThat(client.send(HANDSHAKE.replace(sides[0], sides[1])).answer().status()).isEqualTo(200);
            assertThat(next(handler).exchange.request().upgrade()).isNull();
        }
    }

    private static RecordedExchange next(TestingHandler handler) throws InterruptedException {
        return requireNonNull(handler.exchanges.poll(10, TimeUnit.SECONDS), "no exchange came");
    }

    private static void onLoop(RecordedExchange recorded, Runnable action) throws Exception {
        recorded.exchange.loop().submit(action).get(10, TimeUnit.SECONDS);
    }
}
