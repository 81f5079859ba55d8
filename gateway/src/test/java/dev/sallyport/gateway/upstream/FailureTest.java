package dev.sallyport.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.testing.RawUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Every way in which a call can fail for want of an upstream, and the code that it gets. */
final class FailureTest {
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    private static RawUpstream silent() throws IOException {
        return RawUpstream.start(connection -> {
            connection.readHead();
            connection.note("request");
            connection.readToEnd();
            connection.note("end");
        });
    }

    private static RequestHead webSocket() {
        return new RequestHead(Protocol.HTTP_1_1, "GET", "http", "a.example", "/", null,
                Headers.of("sec-websocket-key", "x"), 0, "websocket");
    }

    static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void connectFailedWhenNobodyListens() throws Exception {
        int port = closedPort();
        try (Forwarding forwarding = new Forwarding()) {
            forwarding.with(spec -> spec.endpoints(List.of(Forwarding.endpoint(port))).retries(0));
            ForwardProbe call = forwarding.get("/");

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_CONNECT_FAILED);
            assertThat(call.failure().detail()).startsWith("127.0.0.1:" + port);
            assertThat(forwarding.state(0).connections()).isZero();
            assertThat(forwarding.state(0).callsInFlight()).isZero();
        }
    }

    @Test
    void connectFailedWhenTheNameIsUnknown() {
        try (Forwarding forwarding = new Forwarding(host -> {
            throw new UnknownHostException(host);
        })) {
            forwarding.with(spec -> spec.endpoints(List.of(new EndpointSpec(false, "no.example", 80, ""))));
            ForwardProbe call = forwarding.get("/");

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_CONNECT_FAILED);
            assertThat(call.failure().detail()).contains("no.example");
        }
    }

    @Test
    void connectTimeoutWhenTheNameIsNotFoundInTime() {
        CountDownLatch done = new CountDownLatch(1);
        try (Forwarding forwarding = new Forwarding(host -> {
            await(done);
            return List.of(InetAddress.getLoopbackAddress());
        })) {
            forwarding.with(spec -> spec.endpoints(List.of(new EndpointSpec(false, "slow.example", 80, "")))
                    .connectMillis(1_000).retries(0));
            ForwardProbe call = forwarding.get("/");
            forwarding.time.pass(Duration.ofMillis(999));
            forwarding.await("it still waits", () -> !call.over());
            forwarding.time.pass(Duration.ofMillis(1));

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_CONNECT_TIMEOUT);
        } finally {
            done.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void connectTimeoutWhenTheTlsHandshakeIsNotAnswered() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> connection.readToEnd());
                Forwarding forwarding = new Forwarding()) {
            EndpointSpec secure = new EndpointSpec(true, "127.0.0.1", server.port(), "");
            forwarding.with(spec -> spec.endpoints(List.of(secure)).connectMillis(1_000).retries(0));
            ForwardProbe call = forwarding.get("/");
            forwarding.await("the connection is there", () -> server.accepted() == 1);
            forwarding.time.pass(Duration.ofMillis(1_000));

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_CONNECT_TIMEOUT);
            forwarding.await("the connection is closed", () -> forwarding.state(0).connections() == 0);
        }
    }

    @Test
    void resetWhenTheUpstreamHangsUpWithoutAnAnswer() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> connection.readHead());
                Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.post("/", "x").code()).isEqualTo(RefusalCode.UPSTREAM_RESET);
        }
    }

    @Test
    void resetWhenTheUpstreamHangsUpInTheMiddleOfTheHead() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\ncontent-le");
        }); Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.post("/", "x").code()).isEqualTo(RefusalCode.UPSTREAM_RESET);
        }
    }

    @Test
    void firstByteTimeoutCountsFromTheEndOfTheRequest() throws Exception {
        try (RawUpstream server = silent();
                Forwarding forwarding = new Forwarding().with(spec -> spec.firstByteMillis(1_000), server)) {
            ForwardProbe call =
                    forwarding.forward(Forwarding.head("POST", "/", RequestHead.UNKNOWN_LENGTH), false).body("some");
            server.awaitEvent();
            forwarding.time.pass(Duration.ofSeconds(10));
            forwarding.await("the request is still being sent", () -> !call.over());
            call.end();
            forwarding.time.pass(Duration.ofMillis(999));
            forwarding.await("the answer may still come", () -> !call.over());
            forwarding.time.pass(Duration.ofMillis(1));

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_FIRST_BYTE_TIMEOUT);
            assertThat(server.awaitEvent()).as("the upstream's work is cancelled").isEqualTo("end");
        }
    }

    @Test
    void anInterimResponseIsNoAnswer() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 103 Early Hints\r\n\r\n");
            connection.readToEnd();
        }); Forwarding forwarding = new Forwarding().with(spec -> spec.firstByteMillis(1_000), server)) {
            ForwardProbe call = forwarding.get("/");
            forwarding.await("the hints", () -> !call.interims().isEmpty());
            forwarding.time.pass(Duration.ofSeconds(1));

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_FIRST_BYTE_TIMEOUT);
        }
    }

    @Test
    void idleTimeoutCountsFromTheLastByteOfTheResponse() throws Exception {
        CountDownLatch more = new CountDownLatch(1);
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\na");
            more.await();
            connection.write("b");
            connection.readToEnd();
        }); Forwarding forwarding = new Forwarding().with(spec -> spec.firstByteMillis(10).idleMillis(1_000), server)) {
            ForwardProbe call = forwarding.get("/");
            forwarding.await("the first byte", () -> call.received() == 1);
            forwarding.time.pass(Duration.ofMillis(900));
            more.countDown();
            forwarding.await("the second byte", () -> call.received() == 2);
            forwarding.time.pass(Duration.ofMillis(900));
            forwarding.await("it is not over", () -> !call.over());
            forwarding.time.pass(Duration.ofMillis(100));

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_IDLE_TIMEOUT);
        }
    }

    @Test
    void idleTimeDoesNotRunWhileTheClientIsTheSlowOne() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\na");
            connection.readLine();
        }); Forwarding forwarding = new Forwarding().with(spec -> spec.idleMillis(1_000), server)) {
            ForwardProbe call = forwarding.get("/");
            forwarding.await("the first byte", () -> call.received() == 1);
            call.pause();
            forwarding.time.pass(Duration.ofSeconds(60));
            forwarding.await("it is not over", () -> !call.over());
            call.resume();
            forwarding.time.pass(Duration.ofSeconds(1));

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_IDLE_TIMEOUT);
        }
    }

    @Test
    void idleTimeoutWhenTheUpstreamTakesNothingOfTheRequest() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (RawUpstream server = RawUpstream.start(connection -> done.await());
                Forwarding forwarding = new Forwarding().with(spec -> spec.idleMillis(1_000), server)) {
            ForwardProbe call = forwarding.forward(Forwarding.head("POST", "/", 100_000_000), false);
            forwarding.await("it may be sent", () -> call.readied() == 1);
            int sent = 0;
            while (call.takesMore()) {
                call.body(new byte[1_000_000]);
                sent++;
            }
            assertThat(sent).as("what the kernel takes is bounded").isLessThan(20);
            forwarding.time.pass(Duration.ofSeconds(1));

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_IDLE_TIMEOUT);
        } finally {
            done.countDown();
        }
    }

    @Test
    void deadlineExceededWhicheverPhaseItFinds() throws Exception {
        try (RawUpstream server = silent(); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe awaiting = forwarding.forward(Forwarding.head("GET", "/", 0), true, Duration.ofSeconds(2),
                    forwarding.context());
            ForwardProbe sending = forwarding.forward(Forwarding.head("POST", "/", 100), false, Duration.ofSeconds(2),
                    forwarding.context());
            server.awaitEvent();
            server.awaitEvent();
            forwarding.time.pass(Duration.ofMillis(1_999));
            forwarding.await("they still wait", () -> !awaiting.over() && !sending.over());
            forwarding.time.pass(Duration.ofMillis(1));

            assertThat(awaiting.code()).isEqualTo(RefusalCode.DEADLINE_EXCEEDED);
            assertThat(sending.code()).isEqualTo(RefusalCode.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void deadlineExceededWhenTheTotalTimeIsOverAlthoughTheClientWouldWait() throws Exception {
        try (RawUpstream server = silent();
                Forwarding forwarding = new Forwarding().with(spec -> spec.totalMillis(5_000), server)) {
            ForwardProbe call = forwarding.get("/");
            server.awaitEvent();
            forwarding.time.pass(Duration.ofMillis(5_000));

            assertThat(call.code()).isEqualTo(RefusalCode.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void deadlineExceededBeforeAnythingIsTried() throws Exception {
        try (RawUpstream server = silent(); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call =
                    forwarding.forward(Forwarding.head("GET", "/", 0), true, Duration.ZERO, forwarding.context());

            assertThat(call.code()).isEqualTo(RefusalCode.DEADLINE_EXCEEDED);
            assertThat(call.call().attempts()).isZero();
        }
    }

    @Test
    void poolExhaustedWhenNoConnectionBecomesFreeBeforeTheDeadline() throws Exception {
        try (RawUpstream server = silent();
                Forwarding forwarding = new Forwarding().with(spec -> spec.connections(1), server)) {
            ForwardProbe first = forwarding.get("/");
            server.awaitEvent();
            ForwardProbe second = forwarding.forward(Forwarding.head("GET", "/", 0), true, Duration.ofSeconds(2),
                    forwarding.context());
            assertThat(forwarding.state(0).waiting()).isEqualTo(1);
            forwarding.time.pass(Duration.ofSeconds(2));

            assertThat(second.code()).isEqualTo(RefusalCode.POOL_EXHAUSTED);
            assertThat(forwarding.state(0).waiting()).isZero();
            first.cancel();
        }
    }

    @Test
    void aTunnelMayBeSilentForLongerThanAResponse() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
            connection.readToEnd();
        }); Forwarding forwarding = new Forwarding()
                .with(spec -> spec.firstByteMillis(500).idleMillis(1_000).totalMillis(100_000_000), server)) {
            RequestHead head = new RequestHead(
                    dev.sallyport.gateway.call.Protocol.HTTP_1_1, "GET", "http", "a.example", "/", null,
                    dev.sallyport.gateway.call.Headers.of(), 0,
                    "websocket");
            ForwardProbe call = forwarding.forward(webSocket(), false, Duration.ofHours(10), forwarding.context());
            assertThat(call.status()).isEqualTo(101);
            forwarding.time.pass(Duration.ofMinutes(59));
            forwarding.await("it is open", () -> !call.over());
            forwarding.time.pass(Duration.ofMinutes(1));

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_IDLE_TIMEOUT);
        }
    }

    @Test
    void aTunnelThatIsNotGrantedFallsUnderTheFirstByteTimeout() throws Exception {
        try (RawUpstream server = silent();
                Forwarding forwarding = new Forwarding().with(spec -> spec.firstByteMillis(1_000), server)) {
            RequestHead head = new RequestHead(
                    dev.sallyport.gateway.call.Protocol.HTTP_1_1, "GET", "http", "a.example", "/", null,
                    dev.sallyport.gateway.call.Headers.of(), 0,
                    "websocket");
            ForwardProbe call = forwarding.forward(webSocket(), false);
            server.awaitEvent();
            forwarding.time.pass(Duration.ofSeconds(1));

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_FIRST_BYTE_TIMEOUT);
        }
    }

    @Test
    void leavesNothingBehindWhenACallIsCancelledWhileItWaits() throws Exception {
        try (RawUpstream server = RawUpstream.start(RawUpstream.always(OK));
                Forwarding forwarding = new Forwarding().with(spec -> spec.connections(1), server)) {
            ForwardProbe first =
                    forwarding.forward(Forwarding.head("POST", "/", RequestHead.UNKNOWN_LENGTH), false).body("x");
            ForwardProbe second = forwarding.get("/2");
            second.cancel();
            first.end();

            assertThat(first.text()).isEqualTo("ok");
            assertThat(forwarding.get("/3").text()).isEqualTo("ok");
            assertThat(second.over()).isFalse();
            assertThat(forwarding.state(0).waiting()).isZero();
            assertThat(forwarding.state(0).callsInFlight()).isZero();
        }
    }
}
