package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.http.RawHttp2Client.Frame;
import dev.sallyport.gateway.http.TestingHandler.RecordedExchange;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Acceptance, bounds on connections, and the end of a listener. */
final class ListenerTest {
    private static final Network LOOPBACK = Network.parse("127.0.0.0/8");

    private final TestingHandler handler = TestingHandler.echo();

    @ParameterizedTest(name = "on NIO: {0}")
    @ValueSource(booleans = {false, true})
    void speaksBothVersionsOnOnePort(boolean nio) throws Exception {
        try (TestingGateway gateway = nio ? TestingGateway.nio(null, handler) : TestingGateway.plain(handler)) {
            try (RawHttp2Client client = gateway.connect()) {
                client.request(1, "POST", "/two", false);
                client.data(1, true, "x".repeat(10_000));
                assertThat(client.response(1).body()).isEqualTo("POST /two\n" + "x".repeat(10_000));
            }
            assertThat(http1(gateway, "GET /one HTTP/1.1\r\nhost: a.example\r\nconnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200").endsWith("GET /one\n");
        }
    }

    @Test
    void tellsTheVersionsApartHoweverTheBytesArrive() throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(handler); Socket slow = socket(gateway);
                Socket lookalike = socket(gateway)) {
            byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
            for (byte each : preface) {
                slow.getOutputStream().write(each);
            }
            slow.getOutputStream().write(RawHttp2Client.encoded(RawHttp2Client.SETTINGS, 0, 0));
            assertThat(slow.getInputStream().readNBytes(9)[3]).as("settings").isEqualTo((byte) RawHttp2Client.SETTINGS);

            lookalike.getOutputStream()
                    .write("PRI * HTTP/1.1\r\nhost: a.example\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(new String(lookalike.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1))
                    .isEqualTo("HTTP/1.1 400");
        }
    }

    @Test
    void doesNotAnswerWhatIsNoHttp() throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(handler)) {
            assertThat(http1(gateway, "MAIL FROM: <a@example.org> BODY=8BITMIME\r\n")).isEmpty();
            assertThat(http1(gateway, "GET / hTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400");
            assertThat(http1(gateway, "GET /\r\n")).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void closesAConnectionThatNeverSpeaks() throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(handler); Socket silent = socket(gateway);
                Socket hesitant = socket(gateway)) {
            hesitant.getOutputStream().write("PRI * H".getBytes(StandardCharsets.ISO_8859_1));
            awaitOpen(gateway, 2);
            gateway.pass(Limits.DEFAULTS.headMillis());
            assertThat(hesitant.getInputStream().read()).isEqualTo(-1);
            assertThat(gateway.connections.open()).isEqualTo(1);
            gateway.pass(Limits.DEFAULTS.idleMillis());
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void admitsNoMoreConnectionsThanAllowed() throws Exception {
        Limits limits = limits(3, 100);
        try (TestingGateway gateway = TestingGateway.plain(limits, handler)) {
            List<RawHttp2Client> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                RawHttp2Client client = gateway.connect();
                client.ping();
                clients.add(client);
            }
            assertRefused(gateway);
            assertThat(gateway.connections.open()).isEqualTo(3);
            assertThat(gateway.connections.refused()).isEqualTo(1);
            clients.getFirst().close();
            awaitOpen(gateway, 2);
            clients.set(0, gateway.connect());
            clients.getFirst().ping();
            for (RawHttp2Client client : clients) {
                client.close();
            }
            awaitOpen(gateway, 0);
        }
    }

    @Test
    void admitsNoMoreConnectionsOfOneAddressThanAllowed() throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(limits(100, 2), handler);
                RawHttp2Client first = gateway.connect(); RawHttp2Client second = gateway.connect()) {
            first.ping();
            second.ping();
            assertRefused(gateway);
            try (Socket other = new Socket()) {
                other.bind(new InetSocketAddress("127.0.0.2", 0));
                other.connect(gateway.address());
                RawHttp2Client.over(other).ping();
            }
        }
    }

    @Test
    void countsTheConnectionsOfATrustedProxyByTheAddressesThatItNames() throws Exception {
        try (TestingGateway gateway = TestingGateway.behindProxy(limits(100, 2), handler, true, LOOPBACK)) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                sockets.add(viaProxy(gateway, "PROXY TCP4 192.0.2." + (i / 2 + 1) + " 198.51.100.1 4711 443\r\n"));
                RawHttp2Client client = RawHttp2Client.over(sockets.get(i));
                client.get(1, "/");
                client.response(1);
                assertThat(handler.exchanges.take().exchange.peer().connected())
                        .isEqualTo(new InetSocketAddress("192.0.2." + (i / 2 + 1), 4711));
            }
            Socket third = viaProxy(gateway, "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n");
            assertThatThrownBy(() -> third.getInputStream().read()).isInstanceOf(IOException.class);
            RawHttp2Client.over(viaProxy(gateway, "PROXY TCP4 192.0.2.3 198.51.100.1 4711 443\r\n")).ping();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aProxyMustBeginWithItsHeader() throws Exception {
        try (TestingGateway gateway = TestingGateway.behindProxy(Limits.DEFAULTS, handler, true, LOOPBACK);
                Socket silent = viaProxy(gateway, "PROXY TC")) {
            awaitOpen(gateway, 1); // before the clock moves, it must have begun to run for this connection
            try (Socket wrong = viaProxy(gateway, "GET / HTTP/1.1\r\nhost: a.example\r\n\r\n")) {
                assertThat(wrong.getInputStream().read()).isEqualTo(-1);
            }
            awaitOpen(gateway, 1);
            gateway.pass(Limits.DEFAULTS.handshakeMillis());
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(handler.exchanges).isEmpty();
    }

    @Test
    void anybodyElseMayNotSendThatHeader() throws Exception {
        try (TestingGateway gateway =
                TestingGateway.behindProxy(Limits.DEFAULTS, handler, true, Network.parse("10.0.0.0/8"))) {
            assertThat(http1(gateway,
                    "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\nGET / HTTP/1.1\r\nhost: a.example\r\n\r\n"))
                    .isEmpty();
            assertThat(handler.exchanges).isEmpty();
            try (RawHttp2Client client = gateway.connect()) {
                client.get(1, "/", "x-forwarded-for", "192.0.2.1");
                client.response(1);
                assertThat(handler.exchanges.take().exchange.peer().client().getHostAddress()).isEqualTo("127.0.0.1");
            }
        }
    }

    @Test
    void believesATrustedProxysFields() throws Exception {
        try (TestingGateway gateway = TestingGateway.behindProxy(Limits.DEFAULTS, handler, false, LOOPBACK);
                RawHttp2Client client = gateway.connect()) {
            client.get(1, "/", "x-forwarded-for", "192.0.2.7");
            client.response(1);
            client.get(3, "/", "x-forwarded-for", "192.0.2.7", "forwarded", "for=192.0.2.8");

            assertThat(client.response(3).status()).as("two that contradict each other").isEqualTo(400);
            assertThat(handler.exchanges.take().exchange.peer().client().getHostAddress()).isEqualTo("192.0.2.7");
        }
    }

    @Test
    void drainsByTellingEachConnectionToFinish() throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(handler); RawHttp2Client busy = gateway.connect();
                RawHttp2Client idle = gateway.connect(); Socket http1 = socket(gateway);
                Socket opening = socket(gateway)) {
            handler.onExchange = _ -> {};
            busy.get(1, "/");
            idle.ping();
            http1.getOutputStream()
                    .write("GET / HTTP/1.1\r\nhost: a.example\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            RecordedExchange first = handler.exchanges.take();
            RecordedExchange second = handler.exchanges.take();
            awaitOpen(gateway, 4);

            CompletableFuture<Integer> drained = gateway.listener.drain();

            assertThat(opening.getInputStream().read()).isEqualTo(-1);
            assertThat(farewell(idle)).isZero();
            assertThat(idle.awaitClose()).isEqualTo(-1);
            busy.get(3, "/crossed");
            RecordedExchange crossed = handler.exchanges.take();
            assertThat(farewell(busy)).as("a request that crossed the first farewell is served").isEqualTo(3);
            busy.get(5, "/late");
            busy.ping();
            assertThat(handler.exchanges).as("one behind the second is not").isEmpty();
            assertThatThrownBy(() -> gateway.connect().ping()).isInstanceOfAny(IOException.class, AssertionError.class);
            assertThat(drained).isNotDone();
            for (RecordedExchange recorded : List.of(first, second, crossed)) {
                recorded.exchange.loop().execute(() -> recorded.answer(200, "done"));
            }
            assertThat(busy.response(1).body()).isEqualTo("done");
            assertThat(busy.response(3).body()).isEqualTo("done");
            assertThat(busy.awaitClose()).isEqualTo(-1);
            assertThat(new String(http1.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .contains("connection: close").endsWith("done");
            http1.close();
            assertThat(drained.get(20, TimeUnit.SECONDS)).isZero();
        }
    }

    /** Answers the farewell's ping; returns the last stream that the second names. */
    private static int farewell(RawHttp2Client client) throws IOException {
        assertThat(client.await(RawHttp2Client.GOAWAY, 0).lastStream()).isEqualTo(Integer.MAX_VALUE);
        client.frame(RawHttp2Client.PING, RawHttp2Client.ACK, 0, client.await(RawHttp2Client.PING, 0).payload());
        Frame last = client.await(RawHttp2Client.GOAWAY, 0);
        assertThat(last.error()).isEqualTo(RawHttp2Client.NO_ERROR);
        return last.lastStream();
    }

    @Test
    void cutsOffWhatDoesNotFinishInTime() throws Exception {
        Limits limits = withDrain(100);
        try (TestingGateway gateway = TestingGateway.plain(limits, handler);
                RawHttp2Client client = gateway.connect()) {
            handler.onExchange = _ -> {};
            client.get(1, "/");
            RecordedExchange recorded = handler.exchanges.take();

            assertThat(gateway.listener.drain().get(20, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(recorded.events.take()).isEqualTo("disconnected");
            assertThat(gateway.connections.open()).isZero();
        }
    }

    @Test
    void closesAtOnceWhenAsked() throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(handler); RawHttp2Client client = gateway.connect()) {
            client.ping();
            gateway.listener.close();
            client.awaitClose();
        }
    }

    @Test
    void saysWhichAddressItCannotHave() throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(handler)) {
            assertThatThrownBy(() -> Listener.open(
                    new ListenerSpec(gateway.address(), null, List.of(), false), gateway.loops, Limits.DEFAULTS,
                    handler, gateway.connections))
                    .isInstanceOf(IOException.class).hasMessageContaining("cannot listen on")
                    .hasMessageContaining(":" + gateway.address().getPort());
        }
    }

    @Test
    void endsAConnectionAfterItsShareOfRequests() throws Exception {
        Limits d = Limits.DEFAULTS;
        Limits limits = new Limits(d.connections(), d.connectionsPerAddress(), d.targetBytes(), d.fieldBytes(),
                d.fieldNameBytes(), d.headerBytes(), d.fields(),
                d.chunkExtensionBytes(), d.pipelinedBytes(), 2, d.streams(), d.resetsPerWindow(), d.continuations(),
                d.controlFramesPerWindow(), d.emptyDataFrames(),
                d.handshakeMillis(), d.headMillis(), d.bodyStallMillis(), d.bodyBytesPerSecond(), d.bodyGraceMillis(),
                d.writeStallMillis(), d.idleMillis(),
                d.tunnelIdleMillis(), d.drainMillis());
        try (TestingGateway gateway = TestingGateway.plain(limits, handler);
                RawHttp2Client client = gateway.connect()) {
            client.get(1, "/");
            client.response(1);
            client.ping();
            client.get(3, "/");
            assertThat(client.response(3).status()).isEqualTo(200);
            assertThat(farewell(client)).isEqualTo(3);
            assertThat(client.awaitClose()).isEqualTo(-1);
        }
    }

    private static Limits limits(int connections, int perAddress) {
        Limits d = Limits.DEFAULTS;
        return new Limits(connections, perAddress, d.targetBytes(), d.fieldBytes(), d.fieldNameBytes(), d.headerBytes(),
                d.fields(), d.chunkExtensionBytes(),
                d.pipelinedBytes(), d.requestsPerConnection(), d.streams(), d.resetsPerWindow(), d.continuations(),
                d.controlFramesPerWindow(), d.emptyDataFrames(),
                d.handshakeMillis(), d.headMillis(), d.bodyStallMillis(), d.bodyBytesPerSecond(), d.bodyGraceMillis(),
                d.writeStallMillis(), d.idleMillis(),
                d.tunnelIdleMillis(), d.drainMillis());
    }

    private static Limits withDrain(int drainMillis) {
        Limits d = Limits.DEFAULTS;
        return new Limits(d.connections(), d.connectionsPerAddress(), d.targetBytes(), d.fieldBytes(),
                d.fieldNameBytes(), d.headerBytes(), d.fields(),
                d.chunkExtensionBytes(), d.pipelinedBytes(), d.requestsPerConnection(), d.streams(),
                d.resetsPerWindow(), d.continuations(), d.controlFramesPerWindow(),
                d.emptyDataFrames(), d.handshakeMillis(), d.headMillis(), d.bodyStallMillis(), d.bodyBytesPerSecond(),
                d.bodyGraceMillis(), d.writeStallMillis(),
                d.idleMillis(), d.tunnelIdleMillis(), drainMillis);
    }

    private static Socket socket(TestingGateway gateway) throws IOException {
        Socket socket = new Socket(gateway.address().getAddress(), gateway.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static Socket viaProxy(TestingGateway gateway, String header) throws IOException {
        Socket socket = socket(gateway);
        socket.getOutputStream().write(header.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static String http1(TestingGateway gateway, String request) throws IOException {
        try (Socket socket = socket(gateway)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void assertRefused(TestingGateway gateway) {
        assertThatThrownBy(() -> gateway.connect().ping()).isInstanceOfAny(IOException.class, EOFException.class,
                AssertionError.class);
    }

    /** Until as many connections are open, which the loops find out on their own time. */
    private static void awaitOpen(TestingGateway gateway, int count) throws InterruptedException {
        for (int i = 0; i < 1_000 && gateway.connections.open() != count; i++) {
            gateway.pass(0);
        }
        assertThat(gateway.connections.open()).isEqualTo(count);
    }
}
