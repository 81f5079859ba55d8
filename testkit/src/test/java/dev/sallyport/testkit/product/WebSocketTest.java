package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.TestCertificates;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A real WebSocket client talks through the gateway. */
final class WebSocketTest {
    private final TestCertificates authority = new TestCertificates();
    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(new WebSocketEcho());
        gateway = TestGateway.startSecure(authority, """
                models:
                  chat: {url: "%s"}
                callers:
                  app: {key: "%s", may: [chat]}
                """.formatted(upstream.url(), key.hash()));
        client = HttpClient.newBuilder().sslContext(authority.clientContext()).build();
    }

    @AfterEach
    void stop() throws Exception {
        client.shutdownNow();
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void passesMessagesBothWaysAndThenTheClosing(boolean secure) throws Exception {
        Listening listening = new Listening();
        WebSocket socket = connect(secure, listening);

        socket.sendText("hello", true).join();
        assertThat(listening.next()).isEqualTo("hello");
        String large = "x".repeat(100_000);
        socket.sendText(large, true).join();
        assertThat(listening.whole(large.length())).isEqualTo(large);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").join();

        assertThat(listening.next()).isEqualTo("closed 1000 done");
        assertThat(upstream.awaitRequest().field("authorization")).isNull();
        JsonNode line = gateway.awaitLines(1).getFirst();
        assertThat(line.get("status").intValue()).isEqualTo(101);
        assertThat(line.get("outcome").stringValue()).isEqualTo("success");
        assertThat(line.get("request_bytes").longValue()).isGreaterThan(100_000);
        assertThat(line.get("response_bytes").longValue()).isGreaterThan(100_000);
    }

    @Test
    void aClientThatGoesAwayEndsTheTunnelUpstreamAtOnce() throws Exception {
        Listening listening = new Listening();
        WebSocket socket = connect(false, listening);
        socket.sendText("hello", true).join();
        assertThat(listening.next()).isEqualTo("hello");

        socket.abort();

        upstream.awaitConnection().ended().get(20, TimeUnit.SECONDS);
    }

    @Test
    void withoutACredentialThereIsNoTunnel() throws Exception {
        CompletionException failure = catchThrowableOfType(CompletionException.class, () -> client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/chat/"), new Listening())
                .join());

        assertThat(failure.getCause()).isInstanceOfSatisfying(
                WebSocketHandshakeException.class,
                refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(401));
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void anUpstreamThatDeclinesAnswersAsItLikes() throws Exception {
        upstream.behave(Behaviour.answers(404, "text/plain", "no socket here"));

        CompletionException failure =
                catchThrowableOfType(CompletionException.class, () -> connect(false, new Listening()));

        assertThat(failure.getCause()).isInstanceOfSatisfying(
                WebSocketHandshakeException.class,
                refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(404));
    }

    private WebSocket connect(boolean secure, Listening listening) {
        String url = secure ? "wss://127.0.0.1:" + gateway.securePort() : "ws://127.0.0.1:" + gateway.port();
        return client.newWebSocketBuilder()
                .header("Authorization", key.bearer())
                .buildAsync(URI.create(url + "/chat/"), listening)
                .join();
    }

    private static final class Listening implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            String next = messages.poll(20, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came");
            }
            return next;
        }

        /** Puts the parts of a message together. */
        String whole(int length) throws InterruptedException {
            StringBuilder whole = new StringBuilder();
            while (whole.length() < length) {
                whole.append(next());
            }
            return whole.toString();
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            messages.add(data.toString());
            return WebSocket.Listener.super.onText(socket, data, last);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            messages.add("closed " + status + " " + reason);
            return WebSocket.Listener.super.onClose(socket, status, reason);
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            messages.add(failure.toString());
        }
    }
}
