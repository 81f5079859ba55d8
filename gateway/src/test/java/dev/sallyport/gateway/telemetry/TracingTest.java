package dev.sallyport.gateway.telemetry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.TraceParent;
import dev.sallyport.gateway.telemetry.Sampling.Allowance;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TracingTest {
    private static final String SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String UNSAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    private static final Predicate<InetAddress> NOBODY = _ -> false;
    private static final Predicate<InetAddress> THE_PROXY = address -> address.getHostAddress().equals("192.0.2.1");
    private static final long SECOND = 1_000_000_000;

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void aCallWithoutContextBeginsATrace() {
        Tracing tracing = tracing(1, NOBODY, null);
        Call first = begun(tracing);
        Call second = begun(tracing);

        assertThat(first.traceParent()).matches(TraceParent::valid).endsWith("-03");
        assertThat(TraceParent.traceId(requireNonNull(first.traceParent())))
                .isNotEqualTo(TraceParent.traceId(requireNonNull(second.traceParent())));
        assertThat(first.trace()).isNotNull();
    }

    @Test
    void aCallThatIsNotDrawnIsInATraceAndRecordsNothing() {
        Call call = begun(tracing(0, NOBODY, null));

        assertThat(call.traceParent()).matches(TraceParent::valid).endsWith("-02");
        assertThat(call.trace()).isNull();
    }

    @Test
    void theRatioDecidesHowManyAreRecorded() {
        Tracing tracing = tracing(0.01, NOBODY, null);
        int recorded = 0;
        for (int i = 0; i < 100_000; i++) {
            recorded += begun(tracing).trace() == null ? 0 : 1;
        }

        assertThat(recorded).isBetween(900, 1_100);
    }

    @Test
    void aStrangerCannotHaveItsCallsRecordedNorHideThem() {
        Tracing never = tracing(0, NOBODY, null);
        Tracing always = tracing(1, NOBODY, null);

        Call asking = begun(never, "traceparent", SAMPLED);
        Call hiding = begun(always, "traceparent", UNSAMPLED);

        assertThat(asking.trace()).isNull();
        assertThat(asking.traceParent()).startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-").endsWith("-00")
                .doesNotContain("00f067aa0ba902b7");
        assertThat(hiding.trace()).isNotNull();
        assertThat(hiding.traceParent()).startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-").endsWith("-01");
    }

    @Test
    void aTrustedProxysFlagDecidesBothWays() {
        assertThat(begun(tracing(0, THE_PROXY, null), "traceparent", SAMPLED).trace()).isNotNull();
        assertThat(begun(tracing(1, THE_PROXY, null), "traceparent", UNSAMPLED).trace()).isNull();
        assertThat(begun(tracing(1, THE_PROXY, null)).trace()).isNotNull();
    }

    @Test
    void whatStrangersSendThroughATrustedProxyIsRecordedWithinTheAllowanceOnly() {
        Tracing tracing = tracing(0, THE_PROXY, null);
        int recorded = 0;
        for (int i = 0; i < 1_000; i++) {
            recorded += begun(tracing, "traceparent", SAMPLED).trace() == null ? 0 : 1;
        }

        assertThat(recorded).isEqualTo(10);
    }

    @Test
    void aMalformedOrRepeatedContextIsReplacedAndItsStateDropped() {
        Tracing tracing = tracing(1, NOBODY, null);

        Call malformed = begun(tracing, "traceparent", SAMPLED + "x", "tracestate", "a=1");
        Call repeated = begun(tracing, "traceparent", SAMPLED, "traceparent", SAMPLED, "tracestate", "a=1");

        for (Call call : new Call[]{malformed, repeated}) {
            assertThat(call.traceParent()).doesNotContain("4bf92f3577b34da6a3ce929d0e0e4736").endsWith("-03");
            assertThat(call.traceState()).isNull();
        }
    }

    @Test
    void aMalformedStateIsDroppedAndTheContextKept() {
        Call call = begun(tracing(1, NOBODY, null), "traceparent", SAMPLED, "tracestate", "A=1");

        assertThat(call.traceParent()).startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-");
        assertThat(call.traceState()).isNull();
    }

    @Test
    void switchedOffItPassesOnWhatIsValidAndMakesNothing() {
        Call call = begun(Tracing.off(), "traceparent", SAMPLED, "tracestate", "a=1");

        assertThat(call.traceParent()).isSameAs(call.request().headers().first("traceparent"));
        assertThat(call.traceState()).isEqualTo("a=1");
        assertThat(call.trace()).isNull();
        assertThat(begun(Tracing.off()).traceParent()).isNull();
        assertThat(begun(Tracing.off(), "traceparent", "no").traceParent()).isNull();
    }

    @Test
    void failuresAreRecordedWithinTheirAllowanceAndSuccessesAreNot() {
        Tracing tracing = tracing(0, NOBODY, new Allowance(2, SECOND, 2));

        assertThat(tracing.recorded(TestingCalls.answered(TestingCalls.RESNET, 200, Outcome.SUCCESS), 0)).isFalse();
        assertThat(tracing.recorded(TestingCalls.refused(RefusalCode.RATE_LIMITED), 0)).isTrue();
        assertThat(tracing.recorded(TestingCalls.refused(RefusalCode.RATE_LIMITED), 0)).isTrue();
        assertThat(tracing.recorded(TestingCalls.refused(RefusalCode.RATE_LIMITED), 0)).isFalse();
        assertThat(tracing.recorded(TestingCalls.refused(RefusalCode.RATE_LIMITED), SECOND / 2)).isTrue();
        assertThat(tracing.recorded(TestingCalls.refused(RefusalCode.RATE_LIMITED), SECOND / 2)).isFalse();
        assertThat(tracing(0, NOBODY, null).recorded(TestingCalls.refused(RefusalCode.RATE_LIMITED), 0)).isFalse();
    }

    @Test
    void aCallThatIsNotRecordedCostsNoMoreMemoryThanMakingTheTextOfItsField() {
        assertThat(bytesPerCall(Tracing.off())).isZero();
        assertThat(bytesPerCall(Tracing.off(), "traceparent", SAMPLED, "tracestate", "a=1")).isZero();
        assertThat(bytesPerCall(tracing(0, NOBODY, null))).isLessThanOrEqualTo(168);
        assertThat(bytesPerCall(tracing(0, NOBODY, null), "traceparent", SAMPLED)).isLessThanOrEqualTo(168);
    }

    private long bytesPerCall(Tracing tracing, String... fields) {
        int calls = 20_000;
        Call call = TestingCalls.began(TestingCalls.head("/resnet/predict", Headers.of(fields)));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < calls; i++) {
                tracing.begin(call, random, i);
            }
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / calls);
        }
        return least;
    }

    private Call begun(Tracing tracing, String... fields) {
        Call call = TestingCalls.began(TestingCalls.head("/resnet/predict", Headers.of(fields)));
        tracing.begin(call, random, 0);
        return call;
    }

    private static Tracing tracing(double ratio, Predicate<InetAddress> trusted, @Nullable Allowance failures) {
        return Tracing.on(new Sampling(ratio, new Allowance(10, SECOND, 10), failures), trusted, 0);
    }
}
