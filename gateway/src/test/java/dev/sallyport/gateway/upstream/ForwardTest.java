package dev.sallyport.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.testing.RawUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes between a call and an HTTP/1.1 upstream that behaves, or breaks the protocol. */
final class ForwardTest {
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

    private RawUpstream recording(String response) throws IOException {
        return RawUpstream.start(connection -> {
            while (true) {
                requests.add(connection.readRequest());
                connection.write(response);
            }
        });
    }

    @Test
    void asksTheEndpointUnderItsOwnNameAndTellsItHowLongItHas() throws Exception {
        try (RawUpstream server = recording(OK); Forwarding forwarding = new Forwarding().to(server)) {
            RequestHead head = new RequestHead(
                    Protocol.HTTP_1_1, "GET", "http", "client.example", "/predict", "a=b",
                    Headers.of("accept", "*/*"), 0, null);
            ForwardProbe call = forwarding.forward(head, true, Duration.ofMillis(2_500), forwarding.context());

            assertThat(call.text()).isEqualTo("ok");
            assertThat(call.head().contentLength()).isEqualTo(2);
            assertThat(requests.take())
                    .isEqualTo("GET /predict?a=b HTTP/1.1\r\nhost: 127.0.0.1:" + server.port()
                            + "\r\naccept: */*\r\nsallyport-timeout-ms: 2500\r\n");
            assertThat(call.call().endpoint()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(call.call().attempts()).isEqualTo(1);
        }
    }

    @Test
    void putsTheBasePathInFrontAndKeepsTheHostWhenAskedTo() throws Exception {
        try (RawUpstream server = recording(OK); Forwarding forwarding = new Forwarding()) {
            EndpointSpec based = new EndpointSpec(false, "127.0.0.1", server.port(), "/v1");
            forwarding.with(spec -> spec.endpoints(List.of(based)).preserveHost());

            assertThat(forwarding.get("/predict").status()).isEqualTo(200);
            assertThat(requests.take()).startsWith("GET /v1/predict HTTP/1.1\r\nhost: client.example\r\n");
        }
    }

    @Test
    void keepsTheConnectionForTheNextCall() throws Exception {
        try (RawUpstream server = recording(OK); Forwarding forwarding = new Forwarding().to(server)) {
            for (int i = 0; i < 10; i++) {
                assertThat(forwarding.get("/").text()).isEqualTo("ok");
            }

            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void marksThePhasesOfACall() throws Exception {
        try (RawUpstream server = recording(OK); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe first = forwarding.get("/");
            first.text();
            ForwardProbe second = forwarding.get("/");
            second.text();

            for (ForwardProbe call : List.of(first, second)) {
                for (Phase phase : List.of(Phase.QUEUE, Phase.CONNECT, Phase.SEND, Phase.FIRST_BYTE)) {
                    assertThat(call.call().timeline().marked(phase)).as(phase.text()).isTrue();
                }
            }
        }
    }

    @Test
    void sendsABodyOfKnownLengthAsItIsAndOneOfUnknownLengthInChunks() throws Exception {
        try (RawUpstream server = recording(OK); Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.post("/", "hello").text()).isEqualTo("ok");
            assertThat(requests.take()).contains("content-length: 5\r\n").endsWith("\r\n\r\nhello");

            String large = "x".repeat(5_000);
            ForwardProbe streamed = forwarding.forward(Forwarding.head("POST", "/", RequestHead.UNKNOWN_LENGTH), false);
            streamed.body("hello ").body(large).end("x-sum", "1");
            assertThat(streamed.text()).isEqualTo("ok");
            assertThat(requests.take()).contains("transfer-encoding: chunked\r\n")
                    .endsWith("\r\n\r\nhello " + large + "x-sum: 1\r\n");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void saysThatAnEmptyPostIsEmpty() throws Exception {
        try (RawUpstream server = recording(OK); Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.forward(Forwarding.head("POST", "/", 0), true).text()).isEqualTo("ok");
            assertThat(requests.take()).contains("content-length: 0\r\n");
        }
    }

    @Test
    void readsAChunkedResponseWithItsTrailers() throws Exception {
        String response =
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nx-sum: 1\r\n\r\n";
        try (RawUpstream server = recording(response); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/");

            assertThat(call.text()).isEqualTo("hello world");
            assertThat(call.trailers().first("x-sum")).isEqualTo("1");
            assertThat(call.head().headers().contains("transfer-encoding")).isFalse();
            assertThat(forwarding.get("/").text()).isEqualTo("hello world");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void readsAResponseThatComesByteByByte() throws Exception {
        String response = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            for (char c : response.toCharArray()) {
                connection.write(String.valueOf(c));
                Thread.yield();
            }
            connection.readToEnd();
        }); Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.get("/").text()).isEqualTo("hello");
        }
    }

    @Test
    void readsABodyThatEndsWithTheConnection() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n\r\nuntil the end");
        }); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/");

            assertThat(call.text()).isEqualTo("until the end");
            assertThat(call.head().contentLength()).isEqualTo(RequestHead.UNKNOWN_LENGTH);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\ncontent-length: 100\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    })
    void endsAResponseWithoutBodyWithItsHead(String response) throws Exception {
        try (RawUpstream server = recording(response); Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.get("/").text()).isEmpty();
            assertThat(forwarding.get("/").text()).isEmpty();
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void endsTheAnswerToHeadWithItsHead() throws Exception {
        try (RawUpstream server = recording("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n");
                Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.forward(Forwarding.head("HEAD", "/", 0), true);

            assertThat(call.text()).isEmpty();
            assertThat(call.head().contentLength()).isEqualTo(100);
        }
    }

    @Test
    void passesInterimResponsesOnBeforeTheFinalOne() throws Exception {
        String response = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + OK;
        try (RawUpstream server = recording(response); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/");

            assertThat(call.text()).isEqualTo("ok");
            assertThat(call.interims()).containsExactly(103, 100);
        }
    }

    @Test
    void withholdsWhatSpeaksOfTheConnectionOnly() throws Exception {
        String response =
                "HTTP/1.1 200 OK\r\nconnection: x-hop\r\nx-hop: 1\r\nkeep-alive: timeout=5\r\nproxy-authenticate: x\r\nx-end: 2\r\ncontent-length: 0\r\n\r\n";
        try (RawUpstream server = recording(response); Forwarding forwarding = new Forwarding().to(server)) {
            var headers = forwarding.get("/").head().headers();

            assertThat(headers.toString()).isEqualTo("Headers[x-end]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 OK\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 600 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n folded: 1\r\n\r\n",
        "HTTP/1.1 200 OK\nx: 1\n\n",
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    })
    void failsOnAHeadThatBreaksTheProtocol(String response) throws Exception {
        try (RawUpstream server = recording(response); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/");

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_PROTOCOL_ERROR);
            assertThat(call.answered()).isFalse();
            forwarding.await("the connection is closed", () -> forwarding.state(0).connections() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5\r\nhelloX\r\n0\r\n\r\n", "zz\r\nhello\r\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n",
        "fffffffffffffffff\r\nhello"})
    void failsOnAChunkThatBreaksTheProtocol(String chunks) throws Exception {
        try (RawUpstream server = recording("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunks);
                Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/");

            assertThat(call.status()).isEqualTo(200);
            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_PROTOCOL_ERROR);
            assertThat(call.callbacksAfterTheLast()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    })
    void failsWhenTheBodyIsCutOff(String response) throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.write(response);
        }); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/");

            assertThat(call.status()).isEqualTo(200);
            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_RESET);
        }
    }

    @Test
    void failsWhenABodyThatEndsWithTheConnectionIsReset() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n\r\nnot the end");
            seen.await();
            connection.reset();
        }); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/");
            forwarding.await("the bytes have come", () -> call.soFar().equals("not the end"));
            seen.countDown();

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_RESET);
        }
    }

    @Test
    void neverTakesWhatFollowsAResponseForTheNextOne() throws Exception {
        try (RawUpstream server = recording(OK + "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil");
                Forwarding forwarding = new Forwarding().to(server)) {
            for (int i = 0; i < 5; i++) {
                assertThat(forwarding.get("/").text()).isEqualTo("ok");
            }

            assertThat(server.accepted()).isEqualTo(5);
        }
    }

    @Test
    void closesAnIdleConnectionOnWhichSomethingComesUnasked() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.write(OK);
            connection.write("HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n");
            connection.readToEnd();
        }); Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
            forwarding.await("the connection is closed", () -> forwarding.state(0).connections() == 0);
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
        }
    }

    @Test
    void doesNotReuseAConnectionThatTheUpstreamWillClose() throws Exception {
        try (RawUpstream server = recording("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok");
                Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void takesAnAnswerThatComesBeforeTheRequestIsComplete() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 413 Content Too Large\r\ncontent-length: 3\r\n\r\nbig");
            connection.readToEnd();
            connection.socket().close();
        }); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.forward(Forwarding.head("POST", "/", 1_000), false).body("some");

            assertThat(call.text()).isEqualTo("big");
            assertThat(call.status()).isEqualTo(413);
            forwarding.await("the connection is closed", () -> forwarding.state(0).connections() == 0);
        }
    }

    @Test
    void readsAnAnswerAlthoughTheUpstreamClosedWhileTheRequestWasBeingSent() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 413 Content Too Large\r\ncontent-length: 3\r\n\r\nbig");
        }); Forwarding forwarding = new Forwarding().to(server)) {
            for (int i = 0; i < 20; i++) {
                ForwardProbe call = forwarding.forward(Forwarding.head("POST", "/", 4_000_000), false);
                call.body(new byte[1_000_000]).body(new byte[1_000_000]);

                assertThat(call.status()).isEqualTo(413);
            }
        }
    }

    @Test
    void closesTheConnectionOfACancelledCallAtOnce() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nsome");
            connection.readLine();
        }); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/");
            call.status();
            call.cancel();

            assertThat(server.awaitEvent()).isEqualTo("end of 1");
            assertThat(call.over()).isFalse();
            forwarding.await("nothing is in flight",
                    () -> forwarding.state(0).callsInFlight() == 0 && forwarding.state(0).connections() == 0);
        }
    }

    @Test
    void opensAWebSocketAndCarriesBytesBothWays() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            requests.add(connection.readHead());
            connection.write(
                    "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: x\r\n\r\nhi ");
            connection.write(connection.read(4));
            connection.readToEnd();
            connection.write("!");
        }); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.forward(upgrade("GET", "sec-websocket-key", "abc"), false);

            assertThat(call.status()).isEqualTo(101);
            assertThat(call.head().headers().first("sec-websocket-accept")).isEqualTo("x");
            assertThat(requests.take()).contains("connection: upgrade\r\nupgrade: websocket\r\n")
                    .contains("sec-websocket-key: abc\r\n").doesNotContain("content-length");
            call.body("ping").end();
            assertThat(call.text()).isEqualTo("hi ping!");
        }
    }

    @Test
    void endsAnEndlessBodyWhenTheCallIsCancelled() throws Exception {
        byte[] part = new byte[10_000];
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                connection.write(part);
            }
        }); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/");
            forwarding.await("much has come", () -> call.received() > 1_000_000);
            call.cancel();
            long received = call.received();

            assertThat(server.awaitEvent()).isEqualTo("broken 1");
            assertThat(call.received()).isEqualTo(received);
        }
    }

    private static RequestHead upgrade(String method, String... fields) {
        return new RequestHead(
                Protocol.HTTP_1_1, method, "http", "client.example", "/", null,
                Headers.of(fields), 0, "websocket");
    }

    @Test
    void makesTheKeyOfAWebSocketThatCameWithoutOne() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            String head = connection.readHead();
            requests.add(head);
            int at = head.indexOf("sec-websocket-key: ") + 19;
            String accept = accept(head.substring(at, head.indexOf('\r', at)));
            connection.write(
                    "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: "
                            + accept + "\r\n\r\n");
            connection.readToEnd();
        }); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.forward(upgrade("CONNECT"), false);

            assertThat(call.status()).isEqualTo(101);
            assertThat(call.head().headers().contains("sec-websocket-accept")).isFalse();
            assertThat(requests.take()).startsWith("GET / HTTP/1.1\r\n");
            call.cancel();
        }
    }

    private static String accept(String key) {
        try {
            byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1);
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void passesOnThatAWebSocketWasDeclined() throws Exception {
        try (RawUpstream server = recording("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno");
                Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.forward(upgrade("GET"), false);

            assertThat(call.status()).isEqualTo(403);
            assertThat(call.text()).isEqualTo("no");
        }
    }
}
