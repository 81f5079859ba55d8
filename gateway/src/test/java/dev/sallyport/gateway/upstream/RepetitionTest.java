package dev.sallyport.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.testing.RawUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is repeated at another endpoint, what is not, and within which bounds. */
final class RepetitionTest {
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    private static final String UNAVAILABLE = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy";

    private final AtomicInteger requests = new AtomicInteger();

    /** Hangs up on every request without an answer. */
    private RawUpstream resetting() throws IOException {
        return RawUpstream.start(connection -> {
            connection.readRequest();
            requests.incrementAndGet();
        });
    }

    private RawUpstream always(String response) throws IOException {
        return RawUpstream.start(connection -> {
            while (true) {
                connection.readRequest();
                requests.incrementAndGet();
                connection.write(response);
            }
        });
    }

    /** Two endpoints, of which the first refuses connections. */
    private static Forwarding oneClosed(RawUpstream server, int retries) throws IOException {
        List<EndpointSpec> endpoints =
                List.of(Forwarding.endpoint(FailureTest.closedPort()), Forwarding.endpoint(server.port()));
        Forwarding forwarding = new Forwarding();
        forwarding.with(spec -> spec.endpoints(endpoints).retries(retries));
        return forwarding;
    }

    @Test
    void aRefusedConnectionIsRepeatedElsewhereWhateverTheMethod() throws Exception {
        try (RawUpstream server = always(OK); Forwarding forwarding = oneClosed(server, 1)) {
            int repeated = 0;
            for (int i = 0; i < 20; i++) {
                ForwardProbe call = forwarding.post("/", "body");
                assertThat(call.text()).isEqualTo("ok");
                repeated += call.call().attempts() - 1;
                assertThat(call.readied()).isEqualTo(1);
            }
            assertThat(repeated).isEqualTo(Health.FAILURES);
            assertThat(requests).hasValue(20);
        }
    }

    @Test
    void nothingIsRepeatedWhenNoRetriesAreAllowed() throws Exception {
        try (RawUpstream server = always(OK); Forwarding forwarding = oneClosed(server, 0)) {
            int failed = 0;
            for (int i = 0; i < 20; i++) {
                ForwardProbe call = forwarding.get("/");
                forwarding.await("it is over", call::over);
                failed += call.answered() ? 0 : 1;
                assertThat(call.call().attempts()).isEqualTo(1);
            }
            assertThat(failed).isEqualTo(Health.FAILURES);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
    void aBrokenConnectionIsRepeatedForIdempotentMethodsWithoutBody(String method) throws Exception {
        try (RawUpstream server = resetting();
                Forwarding forwarding = new Forwarding().with(spec -> spec.retries(2), server)) {
            ForwardProbe call = forwarding.forward(Forwarding.head(method, "/", 0), true);

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_RESET);
            assertThat(requests).hasValue(3);
            assertThat(call.call().attempts()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH"})
    void aBrokenConnectionIsNotRepeatedForOtherMethods(String method) throws Exception {
        try (RawUpstream server = resetting();
                Forwarding forwarding = new Forwarding().with(spec -> spec.retries(2), server)) {
            ForwardProbe call = forwarding.forward(Forwarding.head(method, "/", 0), true);

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_RESET);
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void aRequestWithABodyIsNotRepeatedOnceItWasSent() throws Exception {
        try (RawUpstream server = resetting();
                Forwarding forwarding = new Forwarding().with(spec -> spec.retries(2), server)) {
            ForwardProbe call = forwarding.forward(Forwarding.head("PUT", "/", 4), false).body("body").end();

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_RESET);
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void brokenFramingIsNotRepeated() throws Exception {
        try (RawUpstream server = always("HTTP/1.1 nonsense\r\n\r\n");
                Forwarding forwarding = new Forwarding().with(spec -> spec.retries(2), server)) {
            assertThat(forwarding.get("/").code()).isEqualTo(RefusalCode.UPSTREAM_PROTOCOL_ERROR);
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void aTimeoutOfTheFirstByteIsNotRepeated() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.note("request");
            connection.readToEnd();
        }); Forwarding forwarding = new Forwarding().with(spec -> spec.retries(2).firstByteMillis(1_000), server)) {
            ForwardProbe call = forwarding.get("/");
            server.awaitEvent();
            forwarding.time.pass(Duration.ofSeconds(1));

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_FIRST_BYTE_TIMEOUT);
            assertThat(call.call().attempts()).isEqualTo(1);
        }
    }

    @Test
    void nothingIsRepeatedAfterTheResponseHasBegun() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            requests.incrementAndGet();
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nsome");
        }); Forwarding forwarding = new Forwarding().with(spec -> spec.retries(2), server)) {
            assertThat(forwarding.get("/").code()).isEqualTo(RefusalCode.UPSTREAM_RESET);
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void anUnavailableEndpointIsPassedByWhenAnotherIsHealthy() throws Exception {
        try (RawUpstream busy = always(UNAVAILABLE); RawUpstream free = always(OK);
                Forwarding forwarding = new Forwarding().to(busy, free)) {
            for (int i = 0; i < 20; i++) {
                assertThat(forwarding.get("/").text()).isEqualTo("ok");
            }
            assertThat(requests.get()).isGreaterThan(20);
        }
    }

    @Test
    void thatAnOnlyEndpointIsUnavailableIsTheAnswer() throws Exception {
        try (RawUpstream busy = always(UNAVAILABLE); Forwarding forwarding = new Forwarding().to(busy)) {
            ForwardProbe call = forwarding.get("/");

            assertThat(call.status()).isEqualTo(503);
            assertThat(call.text()).isEqualTo("busy");
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void thatAnEndpointIsUnavailableIsTheAnswerToAPost() throws Exception {
        try (RawUpstream busy = always(UNAVAILABLE); RawUpstream busyToo = always(UNAVAILABLE);
                Forwarding forwarding = new Forwarding().to(busy, busyToo)) {
            assertThat(forwarding.post("/", "x").status()).isEqualTo(503);
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void aConnectionThatDiedWhileIdleIsReplacedWithoutCost() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (RawUpstream server = RawUpstream.start(connection -> {
            connections.incrementAndGet();
            connection.readRequest();
            connection.write(OK);
            connection.readRequest();
            connection.reset();
        }); Forwarding forwarding = new Forwarding().with(spec -> spec.retries(0), server)) {
            for (int i = 0; i < 5; i++) {
                ForwardProbe call = forwarding.get("/");
                assertThat(call.text()).isEqualTo("ok");
                assertThat(call.call().attempts()).isEqualTo(i == 0 ? 1 : 2);
            }
            assertThat(connections).hasValue(5);
            assertThat(forwarding.state(0).healthy()).isTrue();
        }
    }

    @Test
    void aPostOnAConnectionThatDiedWhileIdleIsNotRepeated() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.write(OK);
            connection.readRequest();
        }); Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
            assertThat(forwarding.post("/", "x").code()).isEqualTo(RefusalCode.UPSTREAM_RESET);
        }
    }

    @Test
    void retriesStayWithinTheirBudget() throws Exception {
        int calls = 20;
        CountDownLatch all = new CountDownLatch(calls);
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            if (requests.incrementAndGet() <= calls) {
                all.countDown();
                all.await();
            } else {
                connection.readToEnd();
            }
        }); Forwarding forwarding = new Forwarding().with(spec -> spec.retryBudget(0), server)) {
            List<ForwardProbe> probes = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                probes.add(forwarding.get("/"));
            }
            forwarding.await("all but the retries have failed",
                    () -> probes.stream().filter(ForwardProbe::over).count() == calls - RetryBudget.FLOOR);
            forwarding.await("the retries have arrived", () -> requests.get() == calls + RetryBudget.FLOOR);

            assertThat(forwarding.upstream().budget().underWay()).isEqualTo(RetryBudget.FLOOR);
            probes.forEach(ForwardProbe::cancel);
            assertThat(forwarding.upstream().budget().underWay()).isZero();
        }
    }

    @Test
    void theBudgetIsAShareOfTheCallsInFlight() {
        RetryBudget budget = new RetryBudget();
        for (int i = 0; i < 8; i++) {
            assertThat(budget.take(40, 0.2)).isTrue();
        }
        assertThat(budget.take(40, 0.2)).isFalse();
        budget.giveBack(1);
        assertThat(budget.take(40, 0.2)).isTrue();
        assertThat(budget.take(44, 0.2)).isFalse();
        assertThat(budget.take(45, 0.2)).isTrue();
    }

    @Test
    void aCallDoesNotKeepItsShareOfTheBudget() throws Exception {
        try (RawUpstream server = resetting();
                Forwarding forwarding = new Forwarding().with(spec -> spec.retries(3), server)) {
            List<ForwardProbe> calls = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                calls.add(forwarding.get("/"));
            }
            calls.forEach(ForwardProbe::failure);

            assertThat(forwarding.upstream().budget().underWay()).isZero();
            assertThat(forwarding.state(0).callsInFlight()).isZero();
        }
    }

    @Test
    void whatComesOfTheBodyBetweenTwoAttemptsIsNotLost() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            while (true) {
                String request = connection.readRequest();
                connection.write(
                        "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n" + request.substring(request.length() - 4));
            }
        }); Forwarding forwarding = oneClosed(server, 1)) {
            int repeated = 0;
            for (int i = 0; i < 20; i++) {
                ForwardProbe call = forwarding
                        .forwardWithBodyAtOnce(Forwarding.head("POST", "/", RequestHead.UNKNOWN_LENGTH), "bo", "dy");

                assertThat(call.text()).isEqualTo("body");
                repeated += call.call().attempts() - 1;
            }
            assertThat(repeated).isEqualTo(Health.FAILURES);
        }
    }
}
