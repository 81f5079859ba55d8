package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.http.TestingHandler.RecordedExchange;
import dev.sallyport.gateway.testing.TestAuthority;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS as clients meet it, with Java's own implementation on their side. */
final class ListenerTlsTest {
    private static final String HTTP_2 = "h2";
    private static final String HTTP_1_1 = "http/1.1";

    private final TestAuthority authority = new TestAuthority("root");
    private final TestingHandler handler = TestingHandler.echo();

    @TempDir
    private Path directory;

    private SSLContext clients;
    private ServerTls tls;
    private TestingGateway gateway;

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        clients = clientContext(authority);
        authority.issue("a.example").write(directory, "a");
        authority.issueWithKey("RSA", "b.example", "*.b.example").write(directory, "b");
        tls = ServerTls.load(List.of(files("a"), files("b")));
        gateway = TestingGateway.secure(tls, handler);
    }

    @AfterEach
    void stop() {
        gateway.close();
        tls.close();
    }

    @Test
    void agreesOnTheVersionOfHttp() throws Exception {
        try (SSLSocket socket = connect("a.example", HTTP_2, HTTP_1_1)) {
            assertThat(socket.getApplicationProtocol()).as("ours is preferred").isEqualTo(HTTP_2);
            RawHttp2Client client = RawHttp2Client.over(socket);
            client.get(1, "/two");
            assertThat(client.response(1).body()).isEqualTo("GET /two\n");
        }
        try (SSLSocket socket = connect("a.example", HTTP_1_1)) {
            assertThat(socket.getApplicationProtocol()).isEqualTo(HTTP_1_1);
            assertThat(http1(socket)).startsWith("HTTP/1.1 200").endsWith("GET /one\n");
        }
        try (SSLSocket socket = connect("a.example")) {
            assertThat(socket.getApplicationProtocol()).as("a client without ALPN").isEmpty();
            assertThat(http1(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void tellsWhoCalledAndWhenTheHandshakeEnded() throws Exception {
        try (SSLSocket socket = connect("b.example", HTTP_2)) {
            RawHttp2Client client = RawHttp2Client.over(socket);
            client.get(1, "/");
            client.response(1);
            Exchange exchange = handler.exchanges.take().exchange;

            assertThat(exchange.peer().secure()).isTrue();
            assertThat(exchange.peer().serverName()).isEqualTo("b.example");
            assertThat(exchange.request().scheme()).isEqualTo("https");
            assertThat(exchange.acceptedNanos()).isLessThan(exchange.securedNanos());
            assertThat(exchange.securedNanos()).isLessThanOrEqualTo(exchange.beganNanos());
        }
    }

    @Test
    void showsTheCertificateForTheNameThatIsAskedFor() throws Exception {
        assertThat(subject("a.example")).isEqualTo("CN=a.example");
        assertThat(subject("B.example")).isEqualTo("CN=b.example");
        assertThat(subject("x.b.example")).isEqualTo("CN=b.example");
        assertThat(subject("unknown.example")).isEqualTo("CN=a.example");
        assertThat(subject(null)).isEqualTo("CN=a.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void speaksModernVersions(String version) throws Exception {
        try (SSLSocket socket = connect("b.example", parameters -> parameters.setProtocols(new String[]{version}))) {
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            assertThat(socket.getSession().getCipherSuite()).containsAnyOf("GCM", "CHACHA20");
        }
    }

    @Test
    void refusesCiphersWithoutForwardSecrecyOrAuthentication() {
        for (String cipher : List.of("TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA")) {
            assertThatThrownBy(() -> connect("b.example", parameters -> {
                parameters.setProtocols(new String[]{"TLSv1.2"});
                parameters.setCipherSuites(new String[]{cipher});
            })).as(cipher).isInstanceOf(IOException.class);
        }
    }

    @Test
    void closesAConnectionThatDoesNotShakeHandsInTime() throws Exception {
        Limits d = Limits.DEFAULTS;
        Limits limits = new Limits(d.connections(), d.connectionsPerAddress(), d.targetBytes(), d.fieldBytes(),
                d.fieldNameBytes(), d.headerBytes(), d.fields(),
                d.chunkExtensionBytes(), d.pipelinedBytes(), d.requestsPerConnection(), d.streams(),
                d.resetsPerWindow(), d.continuations(), d.controlFramesPerWindow(),
                d.emptyDataFrames(), 100, d.headMillis(), d.bodyStallMillis(), d.bodyBytesPerSecond(),
                d.bodyGraceMillis(), d.writeStallMillis(), d.idleMillis(),
                d.tunnelIdleMillis(), d.drainMillis());
        try (TestingGateway impatient = TestingGateway.secure(limits, tls, handler); Socket silent = socket(impatient);
                Socket slow = socket(impatient);
                SSLSocket quick = wrap(socket(impatient), "a.example", _ -> {})) {
            quick.startHandshake();
            slow.getOutputStream().write(new byte[]{22, 3, 1, 1, 0, 1, 0, 0});
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(slow.getInputStream().read()).isEqualTo(-1);
            assertThat(http1(quick)).as("in time").startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void closesAConnectionInPlainText() throws Exception {
        try (Socket socket = socket(gateway)) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nhost: a.example\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP");
        }
        assertThat(handler.exchanges).isEmpty();
    }

    @Test
    void aHugeClientHelloIsNotCollected() throws Exception {
        try (Socket socket = socket(gateway)) {
            socket.getOutputStream().write(new byte[]{22, 3, 1, 0x40, 0, 1, 0, 0x40, 1});
            socket.getOutputStream().write(new byte[16_384]);
            assertThat(socket.getInputStream().read()).isIn(-1, 21);
        } catch (IOException reset) {
            // As good.
        }
        assertThat(handler.exchanges).isEmpty();
    }

    @Test
    void changedFilesServeNewConnectionsAndLeaveOpenOnesAlone() throws Exception {
        TlsContexts before = tls.contexts();
        SSLSocket open = connect("a.example", HTTP_2);
        RawHttp2Client client = RawHttp2Client.over(open);
        client.get(1, "/before");
        client.response(1);

        authority.issue("c.example").write(directory, "a");
        assertThat(tls.reload()).isInstanceOf(TlsReload.Loaded.class);

        assertThat(subject("c.example")).isEqualTo("CN=c.example");
        client.get(3, "/after");
        assertThat(client.response(3).body()).isEqualTo("GET /after\n");
        assertThat(references(before)).as("held by the open connection").isEqualTo(1);
        open.close();
        for (int i = 0; i < 200 && references(before) > 0; i++) {
            gateway.pass(0);
        }
        assertThat(references(before)).as("freed with the last connection").isZero();
    }

    @Test
    void reloadsUnderTrafficDropNothingAndKeepNothing() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        List<CompletableFuture<@Nullable Void>> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(CompletableFuture.runAsync(() -> {
                while (!done.get()) {
                    try (SSLSocket socket = connect(null, HTTP_2)) {
                        RawHttp2Client client = RawHttp2Client.over(socket);
                        for (int stream = 1; stream < 20; stream += 2) {
                            client.get(stream, "/");
                            assertThat(client.response(stream).status()).isEqualTo(200);
                            answered.incrementAndGet();
                        }
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }));
        }
        List<TlsContexts> replaced = new ArrayList<>();
        while (replaced.size() < 10) {
            replaced.add(tls.contexts());
            authority.issue("a.example").write(directory, "a");
            assertThat(tls.reload()).isInstanceOf(TlsReload.Loaded.class);
        }
        done.set(true);
        for (CompletableFuture<@Nullable Void> client : clients) {
            client.get();
        }

        assertThat(answered.get()).isPositive();
        for (int i = 0; i < 200 && replaced.stream().anyMatch(contexts -> references(contexts) > 0); i++) {
            gateway.pass(0);
        }
        assertThat(replaced).allMatch(contexts -> references(contexts) == 0);
    }

    @ParameterizedTest(name = "on NIO: {0}")
    @ValueSource(booleans = {false, true})
    void movesLargeBodiesBothWays(boolean nio) throws Exception {
        String large = "0123456789abcdef".repeat(100_000);
        try (TestingGateway moving = nio ? TestingGateway.nio(tls, handler) : TestingGateway.secure(tls, handler);
                SSLSocket socket = wrap(socket(moving), "a.example",
                        parameters -> parameters.setApplicationProtocols(new String[]{HTTP_2}))) {
            RawHttp2Client client = RawHttp2Client.over(socket);
            client.windowUpdate(0, 10_000_000);
            client.request(1, "POST", "/", false);
            client.windowUpdate(1, 10_000_000);
            int window = 65_535;
            int sent = 0;
            while (sent < large.length()) {
                while (window == 0) {
                    window +=
                            java.nio.ByteBuffer.wrap(client.await(RawHttp2Client.WINDOW_UPDATE, 1).payload()).getInt();
                }
                int part = Math.min(Math.min(window, 16_384), large.length() - sent);
                client.data(1, sent + part == large.length(), large.substring(sent, sent + part));
                window -= part;
                sent += part;
            }
            assertThat(client.response(1).body()).isEqualTo("POST /\n" + large);
        }
    }

    @Test
    void aClientThatEndsTlsIsGone() throws Exception {
        handler.onExchange = _ -> {};
        SSLSocket socket = connect("a.example", HTTP_2);
        RawHttp2Client.over(socket).get(1, "/");
        RecordedExchange recorded = handler.exchanges.take();
        socket.close();

        assertThat(recorded.events.take()).isEqualTo("disconnected");
    }

    private @Nullable String subject(@Nullable String name) throws Exception {
        clients = clientContext(authority); // Java would resume a session of another name
        try (SSLSocket socket = connect(name)) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
        }
    }

    private interface Adjustment {
        void adjust(SSLParameters parameters);
    }

    private SSLSocket connect(@Nullable String name, String... protocols) throws IOException {
        return connect(name, parameters -> parameters.setApplicationProtocols(protocols));
    }

    private SSLSocket connect(@Nullable String name, Adjustment adjustment) throws IOException {
        SSLSocket socket = wrap(socket(gateway), name, adjustment);
        try {
            socket.startHandshake();
        } catch (SSLException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    private static SSLContext clientContext(TestAuthority authority) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("root", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private SSLSocket wrap(Socket plain, @Nullable String name, Adjustment adjustment) throws IOException {
        SSLSocket socket = (SSLSocket) clients.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        if (name != null) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        adjustment.adjust(parameters);
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static Socket socket(TestingGateway gateway) throws IOException {
        Socket socket = new Socket(gateway.address().getAddress(), gateway.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String http1(SSLSocket socket) throws IOException {
        socket.getOutputStream().write("GET /one HTTP/1.1\r\nhost: a.example\r\nconnection: close\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private CertificateFiles files(String name) {
        return new CertificateFiles(directory.resolve(name + ".pem"), directory.resolve(name + ".key"));
    }

    private static int references(TlsContexts contexts) {
        return contexts.contexts().stream().mapToInt(context -> ((ReferenceCounted) context).refCnt()).sum();
    }
}
