package dev.sallyport.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.http.LoopContext;
import dev.sallyport.gateway.testing.RawUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How connections are kept, shared, bounded and let go. */
final class PoolTest {
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    private final Semaphore answers = new Semaphore(0);
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final BlockingQueue<Integer> users = new LinkedBlockingQueue<>();

    /** Answers when the test lets it; counts the connections that are open at once. */
    private RawUpstream gated() throws IOException {
        return RawUpstream.start(connection -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            try {
                while (true) {
                    connection.readRequest();
                    users.add(connection.number());
                    answers.acquire();
                    connection.write(OK);
                }
            } finally {
                open.decrementAndGet();
            }
        });
    }

    private int nextUser() throws InterruptedException {
        Integer number = users.poll(20, TimeUnit.SECONDS);
        assertThat(number).isNotNull();
        return number;
    }

    private static ForwardProbe get(Forwarding forwarding, LoopContext on) {
        return forwarding.forward(Forwarding.head("GET", "/", 0), true, Duration.ofHours(1), on);
    }

    @Test
    void neverOpensMoreConnectionsThanAllowedAndServesWhoeverWaits() throws Exception {
        try (RawUpstream server = gated();
                Forwarding forwarding = new Forwarding(2).with(spec -> spec.connections(4), server)) {
            List<ForwardProbe> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                calls.add(get(forwarding, forwarding.contexts().get(i % 2)));
            }
            answers.release(40);

            for (ForwardProbe call : calls) {
                assertThat(call.text()).isEqualTo("ok");
            }
            assertThat(most.get()).isLessThanOrEqualTo(4);
            assertThat(forwarding.state(0).connections()).isLessThanOrEqualTo(4);
            assertThat(forwarding.state(0).waiting()).isZero();
        }
    }

    @Test
    void aLoopWithoutConnectionsGetsAnIdleOneOfAnother() throws Exception {
        try (RawUpstream server = gated();
                Forwarding forwarding = new Forwarding(2).with(spec -> spec.connections(1), server)) {
            answers.release(100);
            for (int i = 0; i < 10; i++) {
                assertThat(get(forwarding, forwarding.contexts().get(i % 2)).text()).isEqualTo("ok");
            }
            assertThat(most).hasValue(1);
        }
    }

    @Test
    void aBusyLoopDoesNotStarveAnother() throws Exception {
        try (RawUpstream server = gated();
                Forwarding forwarding = new Forwarding(2).with(spec -> spec.connections(1), server)) {
            LoopContext busy = forwarding.contexts().getFirst();
            List<ForwardProbe> queue = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                queue.add(get(forwarding, busy));
            }
            nextUser();
            ForwardProbe other = get(forwarding, forwarding.contexts().getLast());
            answers.release(3);

            assertThat(other.text()).as("before the busy loop's queue is empty").isEqualTo("ok");
            assertThat(queue.getLast().over()).isFalse();
            answers.release(10);
            for (ForwardProbe call : queue) {
                assertThat(call.text()).isEqualTo("ok");
            }
        }
    }

    @Test
    void takesTheConnectionThatWasUsedLast() throws Exception {
        try (RawUpstream server = gated(); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe first = forwarding.get("/");
            ForwardProbe second = forwarding.get("/");
            nextUser();
            nextUser();
            answers.release(2);
            first.text();
            second.text();
            assertThat(server.accepted()).isEqualTo(2);
            answers.release(5);
            forwarding.get("/").text();
            int warm = nextUser();
            for (int i = 0; i < 4; i++) {
                assertThat(forwarding.get("/").text()).isEqualTo("ok");
                assertThat(nextUser()).isEqualTo(warm);
            }
        }
    }

    @Test
    void closesConnectionsThatWereIdleForTooLong() throws Exception {
        try (RawUpstream server = gated(); Forwarding forwarding = new Forwarding().to(server)) {
            answers.release(10);
            forwarding.get("/").text();
            forwarding.time.pass(Duration.ofSeconds(ConnectionPool.IDLE_SECONDS).minusMillis(1));
            forwarding.get("/").text();
            assertThat(server.accepted()).as("it was not idle for long enough").isEqualTo(1);
            forwarding.time.pass(Duration.ofSeconds(ConnectionPool.IDLE_SECONDS));
            forwarding.await("it is closed", () -> forwarding.state(0).connections() == 0);

            assertThat(server.awaitEvent()).isEqualTo("end of 1");
        }
    }

    @Test
    void forgetsAConnectionThatTheUpstreamClosed() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.write(OK);
        }); Forwarding forwarding = new Forwarding().to(server)) {
            for (int i = 1; i <= 3; i++) {
                assertThat(forwarding.get("/").text()).isEqualTo("ok");
                forwarding.await("it is gone", () -> forwarding.state(0).connections() == 0);
                assertThat(server.accepted()).isEqualTo(i);
            }
        }
    }

    @Test
    void boundsHowManyCallsWait() throws Exception {
        try (RawUpstream server = gated();
                Forwarding forwarding = new Forwarding().with(spec -> spec.connections(1), server)) {
            forwarding.get("/");
            nextUser();
            List<ForwardProbe> waiting = new ArrayList<>();
            for (int i = 0; i < ConnectionPool.WAITING_MAX; i++) {
                waiting.add(forwarding.get("/"));
            }
            ForwardProbe tooMany = forwarding.get("/");

            assertThat(tooMany.code()).isEqualTo(RefusalCode.POOL_EXHAUSTED);
            assertThat(forwarding.state(0).waiting()).isEqualTo(ConnectionPool.WAITING_MAX);
            answers.release(ConnectionPool.WAITING_MAX + 1);
            waiting.forEach(ForwardProbe::text);
        }
    }

    @Test
    void keepsNothingOfAPausedCallForTheNextOnTheConnection() throws Exception {
        try (RawUpstream server = gated(); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe paused = forwarding.get("/");
            nextUser();
            paused.pause();
            answers.release();
            paused.resume();
            assertThat(paused.text()).isEqualTo("ok");
            answers.release();
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aSlowReaderMakesTheUpstreamWait() throws Exception {
        byte[] part = new byte[1 << 20];
        AtomicInteger written = new AtomicInteger();
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: " + (64L << 20) + "\r\n\r\n");
            for (int i = 0; i < 64; i++) {
                connection.write(part);
                written.incrementAndGet();
            }
            connection.note("sent");
            connection.readToEnd();
        }); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/");
            call.status();
            call.pause();
            long before = settle(forwarding, call);

            assertThat(before).as("what came before it was paused").isLessThan(64L << 20);
            assertThat(written.get()).as("what the kernel's buffers take").isLessThan(64);
            call.resume();
            call.trailers();
            assertThat(call.received()).isEqualTo(64L << 20);
            assertThat(server.awaitEvent()).isEqualTo("sent");
        }
    }

    /** What had come when nothing came any more for many turns of the loop. */
    private static long settle(Forwarding forwarding, ForwardProbe call) {
        long seen = -1;
        for (int unchanged = 0; unchanged < 200; unchanged++) {
            Forwarding.on(forwarding.context(), () -> null);
            if (call.received() != seen) {
                seen = call.received();
                unchanged = 0;
            }
        }
        return seen;
    }
}
