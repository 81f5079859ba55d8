package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.ReloadOutcome;
import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.Eventually;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thousand edits while calls go on: none fails, and nothing grows. */
final class ReloadUnderLoadTest {
    private static final int RELOADS = 1_000;
    private static final int SETTLED_AFTER = 100;
    private static final int CLIENTS = 6;
    private static final long HEAP_GROWTH_MAX = 8L << 20;

    private final TestKey key = TestKey.make();
    private final AtomicLong calls = new AtomicLong();
    private volatile boolean done;

    /** What a leak would make larger. */
    private record Usage(long heapBytes, long threads, long files, long connections) {
        static Usage now(TestGateway gateway) throws IOException {
            System.gc();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
                return new Usage(heap, ManagementFactory.getThreadMXBean().getThreadCount(), files.count(),
                        pooled(gateway));
            }
        }

        /** Connections to upstreams, of all pools. */
        private static long pooled(TestGateway gateway) throws IOException {
            return Pattern.compile("(?m)^sallyport_endpoint_connections\\{[^}]*} ([0-9.]+)$")
                    .matcher(gateway.admin("/metrics")).results()
                    .map(MatchResult::group)
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
        }
    }

    @Test
    @Timeout(600)
    void aThousandEditsFailNoCallAndLeaveNothingBehind() throws Exception {
        try (FakeUpstream one = FakeUpstream.start(Behaviour.answers(200, "text/plain", "one"));
                FakeUpstream two = FakeUpstream.start(Behaviour.answers(200, "text/plain", "two"));
                TestGateway gateway = TestGateway.start(configuration(0, one, two));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            one.stopRecording();
            two.stopRecording();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(clients.submit(() -> call(gateway.port())));
            }
            Usage settled = null;
            for (int i = 1; i <= RELOADS; i++) {
                long before = calls.get();
                assertThat(gateway.reload(configuration(i, one, two))).isEqualTo(new ReloadOutcome.Applied(List.of()));
                while (calls.get() == before && running.stream().noneMatch(Future::isDone)) {
                    Thread.onSpinWait();
                }
                if (i == SETTLED_AFTER) {
                    settled = Usage.now(gateway);
                }
            }
            Usage first = Objects.requireNonNull(settled);
            Eventually.assertEventually(() -> {
                Usage last = Usage.now(gateway);
                assertThat(last.heapBytes()).as("bytes of heap").isLessThan(first.heapBytes() + HEAP_GROWTH_MAX);
                assertThat(last.threads()).as("threads").isLessThanOrEqualTo(first.threads() + 2);
                assertThat(last.files()).as("open files").isLessThanOrEqualTo(first.files() + CLIENTS);
                assertThat(last.connections()).as("pooled connections").isLessThanOrEqualTo(4L * CLIENTS);
            });
            done = true;
            for (Future<?> client : running) {
                client.get();
            }
            assertThat(calls).hasValueGreaterThan(RELOADS);
        }
    }

    /** Calls a model that stays and one whose versions come and go, until all is done; any failure ends it. */
    private Void call(int port) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            while (!done) {
                for (String path : List.of("/stays/x", "/moves/x")) {
                    RawResponse response =
                            client.send("POST " + path + " HTTP/1.1\r\nHost: h\r\nX-Api-Key: " + key.text()
                                    + "\r\nContent-Length: 5\r\n\r\nhello").response();
                    assertThat(response.status()).as(response.text()).isEqualTo(200);
                    assertThat(response.text()).isIn("one", "two");
                    calls.incrementAndGet();
                }
            }
        }
        return null;
    }

    /** Each differs from the one before: in limits, callers, endpoints, and in a version that takes the place of another. */
    private String configuration(int number, FakeUpstream one, FakeUpstream two) {
        FakeUpstream other = number % 2 == 0 ? one : two;
        return """
                models:
                  stays:
                    urls: ["%s", "%s"]
                    limit: %d/s
                  moves:
                    versions: {"%d": {url: "%s"}}
                  extra-%d: {url: "%s"}
                callers:
                  app: {key: "%s", may: ["*"], limit: %d/s, concurrency: 1000}
                  guest-%d: {key: "%s", may: [stays]}
                """.formatted(
                one.url(), two.url(), 500_000 + number, number, other.url(), number % 7, other.url(), key.hash(),
                1_000_000 + number, number % 5,
                TestKey.make().hash());
    }
}
