package dev.sallyport.gateway.telemetry.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.telemetry.Sampling;
import dev.sallyport.gateway.telemetry.Sampling.Allowance;
import dev.sallyport.gateway.telemetry.TestingCalls;
import dev.sallyport.gateway.telemetry.Tracing;
import dev.sallyport.gateway.testing.TestingCollector;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TraceExportTest {
    private static final Allowance TWO = new Allowance(2, 1_000_000_000, 2);

    private final Tracing always = tracing(1);
    private TestingCollector collector;

    @BeforeEach
    void start() throws IOException {
        collector = TestingCollector.start();
    }

    @AfterEach
    void stop() {
        collector.close();
    }

    @Test
    void bringsTracedCallsToTheCollectorAndLeavesOthersOut() throws Exception {
        try (TraceExport export = export(collector.tracesUrl(), tracing(0))) {
            Call traced = begun(always, new Headers());
            export.ended(begun(tracing(0), new Headers()));
            export.ended(traced);
            export.flush();

            assertThat(collector.spans()).singleElement().satisfies(span -> assertThat(
                    TestingCollector.attributes(span.getAttributesList()))
                    .containsEntry("sallyport.call", traced.id()));
            assertThat(export.exported()).isEqualTo(1);
            assertThat(export.overflowed() + export.undelivered() + export.rejected()).isZero();
        }
    }

    @Test
    void failuresAreBroughtToo() throws Exception {
        Tracing tracing = tracing(0);
        try (TraceExport export = export(collector.tracesUrl(), tracing)) {
            for (int i = 0; i < 10; i++) {
                Call refused = TestingCalls.refused(RefusalCode.RATE_LIMITED);
                tracing.begin(refused, new SplittableRandom(i), 0);
                export.ended(refused);
            }
            export.flush();

            assertThat(collector.spans()).hasSize(2);
        }
    }

    @Test
    void aFullQueueLosesAndCountsCallsAndBlocksNobody() throws Exception {
        CountDownLatch proceed = new CountDownLatch(1);
        try (TraceExport export = export(collector.tracesUrl(), always)) {
            stall(export, proceed);
            int waiting = export.queued();

            for (int i = 0; i < TraceExport.QUEUE_CALLS + 5 - waiting; i++) {
                export.ended(begun(always, new Headers()));
            }

            assertThat(export.overflowed()).isEqualTo(5);
            assertThat(export.queued()).isEqualTo(TraceExport.QUEUE_CALLS);
            proceed.countDown();
            export.flush();
            assertThat(export.exported()).isEqualTo(TraceExport.QUEUE_CALLS + 1 - waiting);
        } finally {
            proceed.countDown();
        }
    }

    @Test
    void callsWithLargeHeadersTakeABoundedShareOfMemory() throws Exception {
        String value = "v".repeat(1 << 20);
        CountDownLatch proceed = new CountDownLatch(1);
        try (TraceExport export = export(collector.tracesUrl(), always)) {
            stall(export, proceed);

            for (int i = 0; i < 20; i++) {
                export.ended(begun(always, Headers.of("x", value)));
            }

            assertThat(export.overflowed()).isEqualTo(4);
            proceed.countDown();
            export.flush();
            export.ended(begun(always, Headers.of("x", value)));
            assertThat(export.overflowed()).isEqualTo(4);
        } finally {
            proceed.countDown();
        }
    }

    @Test
    void countsWhatTheCollectorRefusesOrDoesNotWant() throws Exception {
        try (TraceExport export = export(collector.tracesUrl(), always)) {
            collector.refuseOnce(400, null);
            export.ended(begun(always, new Headers()));
            export.flush();
            assertThat(export.undelivered()).isEqualTo(1);

            collector.reject(1);
            export.ended(begun(always, new Headers()));
            export.ended(begun(always, new Headers()));
            export.flush();
            assertThat(export.rejected() + export.exported()).isEqualTo(2);
            assertThat(export.rejected()).isPositive();
        }
    }

    @Test
    void closingDeliversWhatWaitsAndTakesNothingMore() throws Exception {
        TraceExport export = export(collector.tracesUrl(), always);
        export.ended(begun(always, new Headers()));
        export.close();
        export.ended(begun(always, new Headers()));

        assertThat(collector.spans()).hasSize(1);
        assertThat(export.overflowed()).isEqualTo(1);
    }

    /** Lets the collector hold a batch of one call, so that everything that ends from now on waits. */
    private void stall(TraceExport export, CountDownLatch proceed) throws InterruptedException {
        collector.holdUntil(proceed);
        export.ended(begun(always, new Headers()));
        Thread flusher = Thread.ofVirtual().start(() -> flush(export));
        collector.awaitRequest();
        flusher.interrupt();
        flusher.join();
    }

    private static void flush(TraceExport export) {
        try {
            export.flush();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static TraceExport export(URI url, Tracing tracing) {
        return new TraceExport(new Collector(url, null), tracing, Map.of("service.name", "sallyport"),
                new TestingCalls.FixedTime(), new SplittableRandom(1));
    }

    private static Call begun(Tracing tracing, Headers headers) {
        Call call = TestingCalls.began(TestingCalls.head("/resnet/predict", headers));
        tracing.begin(call, new SplittableRandom(7), 0);
        call.ended(dev.sallyport.gateway.call.Outcome.SUCCESS);
        return call;
    }

    private static Tracing tracing(double ratio) {
        return Tracing.on(new Sampling(ratio, TWO, TWO), _ -> false, 0);
    }
}
