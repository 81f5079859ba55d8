package dev.sallyport.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.testing.Http2Upstream;
import dev.sallyport.gateway.testing.RawUpstream;
import dev.sallyport.gateway.testing.TestAuthority;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS towards upstreams: whom we trust, what we show, which version of HTTP is agreed on. */
final class ForwardTlsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    private final TestAuthority authority = new TestAuthority("root");
    private final TestAuthority stranger = new TestAuthority("stranger");

    @TempDir
    private Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(directory.resolve("root.pem"), authority.certificatePem());
        Files.writeString(directory.resolve("stranger.pem"), stranger.certificatePem());
        authority.issue("gateway.example").write(directory, "gateway");
    }

    private TlsSpec trusting(String... authorities) {
        return new TlsSpec(List.of(authorities).stream().map(name -> directory.resolve(name + ".pem")).toList(), null,
                null, null);
    }

    private static SSLContext context(TestAuthority.Issued issued, TestAuthority clients) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("server", issued.key(), new char[0], new Certificate[]{issued.certificate()});
        keys.setCertificateEntry("clients", clients.certificate());
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, new char[0]);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    private RawUpstream server(TestAuthority.Issued issued, boolean clientCertificate, RawUpstream.Script script)
            throws Exception {
        SSLServerSocket socket =
                (SSLServerSocket) context(issued, authority).getServerSocketFactory().createServerSocket();
        socket.setNeedClientAuth(clientCertificate);
        return RawUpstream.start(socket, 0, script);
    }

    private RawUpstream server(String... names) throws Exception {
        return server(authority.issue(names), false, RawUpstream.always(OK));
    }

    private static Forwarding secure(Forwarding forwarding, int port, TlsSpec tls,
            UpstreamSpec.ClientProtocol protocol) {
        EndpointSpec endpoint = new EndpointSpec(true, "127.0.0.1", port, "");
        forwarding.with(spec -> spec.endpoints(List.of(endpoint)).tls(tls).protocol(protocol).retries(0));
        return forwarding;
    }

    private static Forwarding secure(Forwarding forwarding, int port, TlsSpec tls) {
        return secure(forwarding, port, tls, UpstreamSpec.ClientProtocol.AUTOMATIC);
    }

    @Test
    void trustsACertificateOfAConfiguredAuthorityForTheHost() throws Exception {
        try (RawUpstream server = server("127.0.0.1");
                Forwarding forwarding = secure(new Forwarding(), server.port(), trusting("stranger", "root"))) {
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void refusesACertificateOfAnotherAuthority() throws Exception {
        try (RawUpstream server = server("127.0.0.1");
                Forwarding forwarding = secure(new Forwarding(), server.port(), trusting("stranger"))) {
            assertThat(forwarding.get("/").code()).isEqualTo(RefusalCode.UPSTREAM_TLS_FAILED);
        }
    }

    @Test
    void refusesACertificateThatOnlyThePlatformCouldVouchFor() throws Exception {
        try (RawUpstream server = server("127.0.0.1");
                Forwarding forwarding = secure(new Forwarding(), server.port(), TlsSpec.DEFAULTS)) {
            assertThat(forwarding.get("/").code()).isEqualTo(RefusalCode.UPSTREAM_TLS_FAILED);
        }
    }

    @Test
    void refusesACertificateForAnotherName() throws Exception {
        try (RawUpstream server = server("other.example", "127.0.0.2");
                Forwarding forwarding = secure(new Forwarding(), server.port(), trusting("root"))) {
            ForwardProbe call = forwarding.get("/");

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_TLS_FAILED);
            assertThat(call.failure().detail()).startsWith("127.0.0.1:" + server.port() + ": ");
            forwarding.await("no connection is left", () -> forwarding.state(0).connections() == 0);
        }
    }

    @Test
    void asksForAndVerifiesTheConfiguredServerName() throws Exception {
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        TlsSpec named = new TlsSpec(List.of(directory.resolve("root.pem")), null, null, "model.example");
        try (RawUpstream server = server(authority.issue("model.example"), false, connection -> {
            connection.readRequest();
            SSLSession session = ((SSLSocket) connection.socket()).getSession();
            asked.add(((javax.net.ssl.ExtendedSSLSession) session).getRequestedServerNames().toString());
            connection.write(OK);
            connection.readToEnd();
        }); Forwarding forwarding = secure(new Forwarding(), server.port(), named)) {
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
            assertThat(asked.take()).contains("model.example");
        }
    }

    @Test
    void showsItsOwnCertificateToAnUpstreamThatAsks() throws Exception {
        BlockingQueue<String> shown = new LinkedBlockingQueue<>();
        TlsSpec own = new TlsSpec(List.of(directory.resolve("root.pem")), directory.resolve("gateway.pem"),
                directory.resolve("gateway.key"), null);
        try (RawUpstream server = server(authority.issue("127.0.0.1"), true, connection -> {
            connection.readRequest();
            shown.add(((SSLSocket) connection.socket()).getSession().getPeerPrincipal().getName());
            connection.write(OK);
            connection.readToEnd();
        }); Forwarding forwarding = secure(new Forwarding(), server.port(), own)) {
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
            assertThat(shown.take()).contains("gateway.example");
        }
    }

    @Test
    void saysThatTlsFailedWhenTheUpstreamWantsACertificateAndGetsNone() throws Exception {
        try (RawUpstream server = server(authority.issue("127.0.0.1"), true, RawUpstream.always(OK));
                Forwarding forwarding = secure(new Forwarding(), server.port(), trusting("root"))) {
            assertThat(forwarding.get("/").code()).isEqualTo(RefusalCode.UPSTREAM_TLS_FAILED);
        }
    }

    @Test
    void saysThatTlsFailedWhenTheUpstreamSpeaksClearText() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.write("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
            connection.readToEnd();
        }); Forwarding forwarding = secure(new Forwarding(), server.port(), trusting("root"))) {
            assertThat(forwarding.get("/").code()).isEqualTo(RefusalCode.UPSTREAM_TLS_FAILED);
        }
    }

    @Test
    void saysThatTlsFailedWhenTheUpstreamHangsUpDuringTheHandshake() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> connection.read(1));
                Forwarding forwarding = secure(new Forwarding(), server.port(), trusting("root"))) {
            assertThat(forwarding.get("/").code()).isEqualTo(RefusalCode.UPSTREAM_TLS_FAILED);
        }
    }

    @Test
    void takesABodyThatEndsWithTheConnectionForWholeOnlyWhenTlsSaysSo() throws Exception {
        try (RawUpstream polite = server(authority.issue("127.0.0.1"), false, connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n\r\nwhole");
        }); Forwarding forwarding = secure(new Forwarding(), polite.port(), trusting("root"))) {
            assertThat(forwarding.get("/").text()).isEqualTo("whole");
        }
    }

    private Http2Upstream http2(TestAuthority.Issued issued, String... protocols) throws Exception {
        SslContext context = SslContextBuilder.forServer(issued.key(), issued.certificate())
                .sslProvider(SslProvider.JDK)
                .applicationProtocolConfig(
                        new ApplicationProtocolConfig(
                                ApplicationProtocolConfig.Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT, protocols))
                .build();
        return new Http2Upstream(
                Http2Settings.defaultSettings(), context, true, (stream, end) -> stream.headers(false, ":status", "200")
                        .data(true, String.valueOf(stream.headers().scheme())));
    }

    @Test
    void speaksHttp2WhereTheUpstreamPrefersIt() throws Exception {
        try (Http2Upstream server = http2(authority.issue("127.0.0.1"), "h2");
                Forwarding forwarding = secure(new Forwarding(), server.port(), trusting("root"))) {
            assertThat(forwarding.get("/").text()).isEqualTo("https");
            assertThat(forwarding.get("/").text()).isEqualTo("https");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void doesNotFallBackWhereOnlyHttp2IsConfigured() throws Exception {
        try (RawUpstream server = server("127.0.0.1");
                Forwarding forwarding =
                        secure(new Forwarding(), server.port(), trusting("root"), UpstreamSpec.ClientProtocol.HTTP_2)) {
            ForwardProbe call = forwarding.get("/");

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_TLS_FAILED);
            assertThat(call.failure().detail()).contains("does not offer HTTP/2");
        }
    }

    @Test
    void opensATunnelOverHttp1ToAnUpstreamThatPrefersHttp2() throws Exception {
        SSLContext context = context(authority.issue("127.0.0.1"), authority);
        SSLServerSocket socket = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
        try (RawUpstream server = RawUpstream.start(socket, 0, connection -> {
            SSLSocket tls = (SSLSocket) connection.socket();
            tls.setHandshakeApplicationProtocolSelector((_, offered) -> {
                if (offered.contains("h2")) {
                    throw new IllegalStateException("h2 was offered for a tunnel");
                }
                return "http/1.1";
            });
            connection.readHead();
            connection.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
            connection.write(connection.read(4));
            connection.readToEnd();
        }); Forwarding forwarding = secure(new Forwarding(), server.port(), trusting("root"))) {
            RequestHead head = new RequestHead(
                    Protocol.HTTP_1_1, "GET", "http", "client.example", "/", null, Headers.of("sec-websocket-key", "x"),
                    0, "websocket");
            ForwardProbe call = forwarding.forward(head, false);

            assertThat(call.status()).isEqualTo(101);
            call.body("ping");
            forwarding.await("the echo", () -> call.soFar().equals("ping"));
            call.end();
            call.trailers();
        }
    }

    @Test
    void takesChangedFilesWithTheNextReloadAndDropsNoConnection() throws Exception {
        try (RawUpstream server = server("127.0.0.1");
                Forwarding forwarding = secure(new Forwarding(), server.port(), trusting("root"))) {
            assertThat(forwarding.get("/").text()).isEqualTo("ok");

            Files.writeString(directory.resolve("root.pem"), stranger.certificatePem());
            secure(forwarding, server.port(), trusting("root"));
            assertThat(forwarding.get("/").text()).as("on the connection that is open").isEqualTo("ok");
            forwarding.time.pass(java.time.Duration.ofSeconds(ConnectionPool.IDLE_SECONDS + 1));
            forwarding.await("the idle connection is closed", () -> forwarding.state(0).connections() == 0);
            assertThat(forwarding.get("/").code()).as("on a new one").isEqualTo(RefusalCode.UPSTREAM_TLS_FAILED);
        }
    }

    @Test
    void namesTheFileThatCannotBeUsedAndKeepsWhatThereWas() throws Exception {
        Files.writeString(directory.resolve("broken.pem"), "no certificate");
        try (RawUpstream server = server("127.0.0.1");
                Forwarding forwarding = secure(new Forwarding(), server.port(), trusting("root"))) {
            for (String name : List.of("broken", "absent")) {
                assertThatThrownBy(() -> secure(forwarding, server.port(), trusting(name)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(directory.resolve(name + ".pem").toString());
            }
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
        }
    }
}
