package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

final class FakeUpstreamTest {
    private final TestCertificates authority = new TestCertificates();

    @Test
    void answersAndRecordsWhatItGot() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start(Behaviour.echoes());
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(upstream.url() + "/a?b"))
                    .version(HttpClient.Version.HTTP_1_1)
                    .header("X-Name", "value")
                    .POST(HttpRequest.BodyPublishers.ofString("body"))
                    .build();

            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(response.body()).isEqualTo("body");
            ReceivedRequest received = upstream.awaitRequest();
            assertThat(received.method()).isEqualTo("POST");
            assertThat(received.target()).isEqualTo("/a?b");
            assertThat(received.field("x-name")).isEqualTo("value");
            assertThat(received.bodyText()).isEqualTo("body");
        }
    }

    @Test
    void resetsAndBreaksFramingWhenTold() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start(Behaviour.resetsAfter(""));
                HttpClient client = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> get(client, upstream)).isInstanceOf(IOException.class);
            upstream.behave(Behaviour.closesAfter(3, 5));
            assertThatThrownBy(() -> get(client, upstream)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void noticesThatTheOtherEndHungUp() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start(Behaviour.neverEnds())) {
            UpstreamConnection connection;
            try (Socket client = new Socket("127.0.0.1", upstream.port())) {
                client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
                connection = upstream.awaitConnection();
                assertThat(client.getInputStream().read()).isEqualTo('H');
                assertThat(connection.ended()).isNotDone();
            }
            connection.ended().get(20, TimeUnit.SECONDS);
            Eventually.assertEventually(() -> assertThat(upstream.openConnections()).isZero());
        }
    }

    @Test
    void servesTlsThatOnlyItsOwnAuthorityVouchesFor() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.startSecure(
                authority.server("127.0.0.1").serverContext(), Behaviour.answers(200, "text/plain", "secure"));
                HttpClient trusting = HttpClient.newBuilder().sslContext(authority.clientContext()).build();
                HttpClient strange =
                        HttpClient.newBuilder().sslContext(new TestCertificates().clientContext()).build()) {
            assertThat(get(trusting, upstream)).isEqualTo("secure");
            assertThatThrownBy(() -> get(strange, upstream)).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void anExpiredCertificateIsRefusedByAnOrdinaryClient() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.startSecure(
                authority.expiredServer("127.0.0.1").serverContext(), Behaviour.answers(200, "text/plain", "secure"));
                HttpClient trusting = HttpClient.newBuilder().sslContext(authority.clientContext()).build()) {
            assertThatThrownBy(() -> get(trusting, upstream)).isInstanceOf(SSLHandshakeException.class);
        }
    }

    private static String get(HttpClient client, FakeUpstream upstream) throws IOException, InterruptedException {
        return client
                .send(HttpRequest.newBuilder(URI.create(upstream.url())).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
