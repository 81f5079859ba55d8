package dev.sallyport.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.testing.ManualTime;
import dev.sallyport.gateway.testing.TestingCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several event loops on one counter: races are provoked again and again, and none may admit a call too many. */
final class LimitConcurrencyTest {
    private static final int THREADS = 4;
    private static final int RACES = 3_000;
    private static final Caller CALLER = Caller.bearer("partner", Caller.Cohort.PARTNER);
    private static final Resource RESNET = Resource.model("resnet", "", null, Map.of());

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final ManualTime time = new ManualTime();
    private final LimitState state = new LimitState(time, 8);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void racingCallsNeverExceedARate() throws Exception {
        Limit limit = limit(TestingLimits.rule(TestingLimits.rate(5, Duration.ofSeconds(5), 5)));
        for (int race = 0; race < RACES; race++) {
            assertThat(race(() -> admitted(limit, 3))).as("race %d", race).isEqualTo(5);
            time.pass(Duration.ofSeconds(5)); // idle again: the next race also races the sweep
        }
    }

    /** What one rate gave and the other refused is given back, no more and no less: the first never refills here. */
    @Test
    void racingCallsThatOneRateRefusesAreAllGivenBackByTheOther() throws Exception {
        int count = 100_000;
        Limit limit = limit(TestingLimits.rule(TestingLimits.rate(count, Duration.ofDays(3_660), count),
                TestingLimits.rate(4, Duration.ofMillis(4), 4)));
        for (int race = 0; race < RACES; race++) {
            assertThat(race(() -> admitted(limit, 3))).as("race %d", race).isEqualTo(4);
            time.pass(Duration.ofMillis(4));
        }
        Call last = call();
        limit.check(last);

        assertThat(Objects.requireNonNull(last.answerFields()).first("ratelimit"))
                .contains("\"caller\";r=" + (count - 4 * RACES - 1) + ";");
    }

    @Test
    void racingCallsThatTheModelRefusesAreAllGivenBack() throws Exception {
        Limit limit =
                new Limit(Map.of("partner", TestingLimits.rule(TestingLimits.rate(1_000, Duration.ofDays(1), 1_000))),
                        Map.of("resnet", TestingLimits.rule(TestingLimits.rate(2, Duration.ofSeconds(1), 2))), state);
        for (int race = 0; race < 400; race++) {
            assertThat(race(() -> {
                int admitted = 0;
                for (int i = 0; i < 3; i++) {
                    Call call = call();
                    assertThat(limit.check(call)).isEqualTo(Verdict.PASS);
                    admitted += limit.ofModels().check(call) instanceof Verdict.Pass ? 1 : 0;
                }
                return admitted;
            })).isEqualTo(2);
            time.pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void noMoreCallsAreInFlightThanMayBe() throws Exception {
        Limit limit = limit(new LimitRule(List.of(), 3));
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        for (int race = 0; race < RACES; race++) {
            int admitted = race(() -> {
                int passed = 0;
                for (int i = 0; i < 5; i++) {
                    Call call = call();
                    if (limit.check(call) instanceof Verdict.Pass) {
                        passed++;
                        most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                        inFlight.decrementAndGet();
                    }
                    call.takeSettlements().forEach(Runnable::run);
                }
                return passed;
            });
            assertThat(admitted).isPositive();
            time.pass(Duration.ofMillis(10));
        }

        assertThat(most).hasValueLessThanOrEqualTo(3);
        assertThat(race(() -> admitted(limit, 3))).isEqualTo(3); // every place was given back
    }

    /** Eight counters for many addresses: counters are made, swept and evicted while others use them. */
    @Test
    void racingAddressesNeverExceedARateWhileCountersComeAndGo() throws Exception {
        Limit limit =
                new Limit(Map.of("partner", TestingLimits.rule(TestingLimits.perAddress(2, Duration.ofSeconds(2)))),
                        Map.of(), state);
        for (int race = 0; race < RACES; race++) {
            int offset = race;
            assertThat(race(() -> {
                int admitted = 0;
                for (int i = 0; i < 6; i++) {
                    Call call = TestingCall.of(CALLER, RESNET).client("192.0.2." + ((offset + i) % 3)).make(time);
                    admitted += limit.check(call) instanceof Verdict.Pass ? 1 : 0;
                }
                return admitted;
            })).as("race %d", race).isEqualTo(6);
            time.pass(Duration.ofSeconds(2));
        }
    }

    private Limit limit(LimitRule rule) {
        return new Limit(Map.of("partner", rule), Map.of(), state);
    }

    private Call call() {
        return TestingCall.of(CALLER, RESNET).make(time);
    }

    private int admitted(Limit limit, int calls) {
        int admitted = 0;
        for (int i = 0; i < calls; i++) {
            admitted += limit.check(call()) instanceof Verdict.Pass ? 1 : 0;
        }
        return admitted;
    }

    /** Has all threads do the same at the same moment; the sum of what they return. */
    private int race(Callable<Integer> runner) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Future<Integer>> runs = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            runs.add(threads.submit(() -> {
                start.await();
                return runner.call();
            }));
        }
        int sum = 0;
        for (Future<Integer> run : runs) {
            sum += run.get();
        }
        return sum;
    }
}
