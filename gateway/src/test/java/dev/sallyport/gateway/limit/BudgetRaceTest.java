package dev.sallyport.gateway.limit;

import static dev.sallyport.gateway.limit.TestingSpending.APP;
import static dev.sallyport.gateway.limit.TestingSpending.DAY;
import static dev.sallyport.gateway.limit.TestingSpending.PARTNER;
import static dev.sallyport.gateway.limit.TestingSpending.budget;
import static dev.sallyport.gateway.limit.TestingSpending.end;
import static dev.sallyport.gateway.limit.TestingSpending.passes;
import static dev.sallyport.gateway.limit.TestingSpending.perCall;
import static dev.sallyport.gateway.limit.TestingSpending.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several event loops on the same accounts: races are provoked again and again, and no cap may be passed. */
final class BudgetRaceTest {
    private static final int THREADS = 4;
    private static final int RACES = 1_000;
    private static final int CALLS = 25;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final TestingSpending spending = new TestingSpending();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void ofAHundredParallelCallsExactlyThreePassThatTheBudgetFitsAThousandTimes() throws Exception {
        Charge charge = spending.charge(TestingSpending.ofPartner(budget("0.007", DAY)), perCall("0.002"));
        for (int race = 0; race < RACES; race++) {
            assertThat(race(() -> {
                int passed = 0;
                for (int i = 0; i < CALLS; i++) {
                    passed += passes(charge, spending.call(PARTNER)) ? 1 : 0;
                }
                return passed;
            })).as("race %d", race).isEqualTo(3);
            spending.time().pass(Duration.ofDays(1)); // a new window: the next race also races the sweep
        }
    }

    /** Two callers share the model's budget; half of the calls are given up, and what they held is had by others. */
    @Test
    void racingCallsThatAreGivenUpLeaveNothingBehindAndNoneIsAdmittedTooMany() throws Exception {
        LimitRules rules = LimitRules.of(
                Map.of("partner", rule(budget("0.1", DAY)), "app", rule(budget("0.1", DAY))),
                Map.of("resnet@2", rule(budget("0.012", new Window(Window.Period.HOUR, true)))));
        Charge charge = spending.charge(rules, perCall("0.002"));
        for (int race = 0; race < RACES; race++) {
            int kept = race(() -> {
                int sent = 0;
                for (int i = 0; i < 6; i++) {
                    Call call = spending.call(i % 2 == 0 ? PARTNER : APP);
                    if (passes(charge, call)) {
                        if (i % 3 == 0) {
                            spending.sent(call);
                            sent++;
                        }
                        end(call);
                    }
                }
                return sent;
            });
            assertThat(kept).as("race %d", race).isBetween(1, 6);
            assertThat(spending.used(Owner.MODEL, "resnet", new Unit.Currency("USD"),
                    new Window(Window.Period.HOUR, true))).isEqualTo(kept * 2_000L);
            assertThat(spending.partnersDay()
                    + spending.used(Owner.CALLER, "app", new Unit.Currency("USD"), DAY)).isEqualTo(kept * 2_000L);
            spending.time().pass(Duration.ofDays(1));
        }
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
