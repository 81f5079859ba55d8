package dev.sallyport.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.testing.ManualTime;
import dev.sallyport.gateway.testing.RawUpstream;
import dev.sallyport.gateway.upstream.Health.State;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** When an endpoint is taken out and comes back: by what calls show, and by the active check. */
final class HealthTest {
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    private static final String FAILED = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n";

    private final ManualTime time = new ManualTime();
    private final Health health = new Health(time);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            health.failed();
        }
    }

    @Test
    void failuresInARowTakeItOutAndOneSuccessBetweenThemDoesNot() {
        fail(Health.FAILURES - 1);
        health.succeeded();
        fail(Health.FAILURES - 1);
        assertThat(health.state()).isEqualTo(State.HEALTHY);

        health.failed();
        assertThat(health.state()).isEqualTo(State.OUT);
    }

    @Test
    void aTrialThatSucceedsBringsItBack() {
        fail(Health.FAILURES);
        assertThat(health.beginTrial()).as("not yet").isFalse();
        time.passNanos(Health.FIRST_OUT_NANOS);
        assertThat(health.state()).isEqualTo(State.TRIAL_DUE);
        assertThat(health.beginTrial()).isTrue();
        assertThat(health.beginTrial()).as("one at a time").isFalse();
        health.succeeded();

        assertThat(health.state()).isEqualTo(State.HEALTHY);
    }

    @Test
    void eachTrialThatFailsDoublesTheTimeUpToAMinute() {
        fail(Health.FAILURES);
        long expected = Health.FIRST_OUT_NANOS;
        for (int i = 0; i < 8; i++) {
            assertThat(health.outForNanos()).isEqualTo(expected);
            time.passNanos(expected);
            assertThat(health.beginTrial()).isTrue();
            health.failed();
            expected = Math.min(expected * 2, Health.LONGEST_OUT_NANOS);
        }
        assertThat(health.outForNanos()).isEqualTo(Health.LONGEST_OUT_NANOS);
    }

    @Test
    void failuresOfCallsThatWereUnderWayDoNotKeepItOutForLonger() {
        fail(Health.FAILURES);
        long out = health.outForNanos();
        fail(50);

        assertThat(health.outForNanos()).isEqualTo(out);
    }

    @Test
    void aTrialOfWhichNothingIsHeardIsFollowedByAnother() {
        fail(Health.FAILURES);
        time.passNanos(Health.FIRST_OUT_NANOS);
        assertThat(health.beginTrial()).isTrue();
        time.passNanos(Health.FIRST_OUT_NANOS);

        assertThat(health.beginTrial()).isTrue();
    }

    @Test
    void afterALongGoodTimeItStartsAgainWithTheShortestTime() {
        fail(Health.FAILURES);
        time.passNanos(Health.FIRST_OUT_NANOS);
        assertThat(health.beginTrial()).isTrue();
        health.succeeded();
        fail(Health.FAILURES);
        assertThat(health.outForNanos()).as("it failed again soon").isEqualTo(2 * Health.FIRST_OUT_NANOS);
        time.passNanos(2 * Health.FIRST_OUT_NANOS);
        assertThat(health.beginTrial()).isTrue();
        health.succeeded();
        time.passNanos(2 * Health.LONGEST_OUT_NANOS);
        fail(Health.FAILURES);

        assertThat(health.outForNanos()).isEqualTo(Health.FIRST_OUT_NANOS);
    }

    @Test
    void callsTakeAnEndpointOutThatAnswers5xxAndATrialBringsItBack() throws Exception {
        AtomicReference<String> answer = new AtomicReference<>(FAILED);
        AtomicInteger asked = new AtomicInteger();
        try (RawUpstream sick = RawUpstream.start(connection -> {
            while (true) {
                connection.readRequest();
                asked.incrementAndGet();
                connection.write(answer.get());
            }
        }); RawUpstream well = RawUpstream.start(RawUpstream.always(OK));
                Forwarding forwarding = new Forwarding().to(sick, well)) {
            for (int i = 0; i < 50; i++) {
                forwarding.get("/").status();
            }
            assertThat(asked).hasValue(Health.FAILURES);
            assertThat(forwarding.state(0).healthy()).isFalse();
            answer.set(OK);
            forwarding.time.passNanos(Health.FIRST_OUT_NANOS);
            for (int i = 0; i < 50; i++) {
                assertThat(forwarding.get("/").text()).isEqualTo("ok");
            }

            assertThat(asked.get()).isGreaterThan(Health.FAILURES + 1);
            assertThat(forwarding.state(0).healthy()).isTrue();
        }
    }

    @Test
    void aDeadlineThatTheClientChoseSaysNothingAboutTheEndpoint() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.note("request");
            connection.readToEnd();
            connection.note("end");
        }); Forwarding forwarding = new Forwarding().to(server)) {
            for (int i = 0; i < Health.FAILURES + 1; i++) {
                ForwardProbe call = forwarding.forward(Forwarding.head("GET", "/", 0), true, Duration.ofMillis(1),
                        forwarding.context());
                assertThat(server.awaitEvent()).isEqualTo("request");
                forwarding.time.pass(Duration.ofMillis(1));
                assertThat(call.code()).isEqualTo(RefusalCode.DEADLINE_EXCEEDED);
                assertThat(server.awaitEvent()).isEqualTo("end");
            }

            assertThat(forwarding.state(0).healthy()).isTrue();
        }
    }

    /** Answers {@code /health} as told, everything else with 200; notes each check, and when its connection ends. */
    private static RawUpstream checked(AtomicReference<String> answer) throws IOException {
        return RawUpstream.start(connection -> {
            boolean check = false;
            try {
                while (true) {
                    check = connection.readRequest().startsWith("GET /health ");
                    if (check) {
                        connection.note("check");
                    }
                    connection.write(check ? answer.get() : OK);
                }
            } catch (EOFException e) {
                connection.note(check ? "checked" : "call ended");
            }
        });
    }

    private static void await(RawUpstream server, String awaited) throws InterruptedException {
        String event = server.awaitEvent();
        while (!event.equals(awaited)) {
            event = server.awaitEvent();
        }
    }

    @Test
    void theActiveCheckTakesOutEvenTheLastAndBringsItBack() throws Exception {
        AtomicReference<String> answer = new AtomicReference<>(OK);
        HealthSpec spec = new HealthSpec("/health", 10_000, 1_000, 2, 2);
        try (RawUpstream server = checked(answer);
                Forwarding forwarding = new Forwarding().with(some -> some.health(spec), server)) {
            await(server, "check");
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
            answer.set(FAILED);
            checkAgain(forwarding, server);
            assertThat(forwarding.get("/").text()).as("one failure is not enough").isEqualTo("ok");
            checkAgain(forwarding, server);
            forwarding.await("it is down", () -> !forwarding.state(0).healthy());
            assertThat(forwarding.get("/").code()).isEqualTo(RefusalCode.NO_HEALTHY_ENDPOINT);
            answer.set(OK);
            checkAgain(forwarding, server);
            checkAgain(forwarding, server);
            forwarding.await("it is up", () -> forwarding.state(0).healthy());

            assertThat(forwarding.get("/").text()).isEqualTo("ok");
        }
    }

    /** Lets the interval pass, however much it varies, once the check before was judged. */
    private static void checkAgain(Forwarding forwarding, RawUpstream server) throws InterruptedException {
        await(server, "checked");
        forwarding.finishTurn();
        forwarding.time.pass(Duration.ofMillis(11_001));
        await(server, "check");
    }

    @Test
    void aCheckThatIsNotAnsweredInTimeHasFailed() throws Exception {
        HealthSpec spec = new HealthSpec("/health", 10_000, 1_000, 1, 1);
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.note("check");
            connection.readToEnd();
        }); Forwarding forwarding = new Forwarding().with(some -> some.health(spec), server)) {
            assertThat(server.awaitEvent()).isEqualTo("check");
            forwarding.time.pass(Duration.ofMillis(1_000));
            forwarding.await("it is down", () -> !forwarding.state(0).healthy());

            forwarding.with(some -> some, server);
            assertThat(forwarding.state(0).healthy()).as("without a check nothing says that it is down").isTrue();
        }
    }
}
