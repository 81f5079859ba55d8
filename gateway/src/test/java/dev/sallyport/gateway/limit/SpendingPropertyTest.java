package dev.sallyport.gateway.limit;

import static dev.sallyport.gateway.limit.TestingSpending.DAY;
import static dev.sallyport.gateway.limit.TestingSpending.PARTNER;
import static dev.sallyport.gateway.limit.TestingSpending.end;
import static dev.sallyport.gateway.limit.TestingSpending.passes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.limit.Window.Period;
import dev.sallyport.gateway.limit.journal.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls come, stream, end, are given up and sent nowhere, windows pass, the configuration changes and the process is killed,
 * in an order that a seed chooses. An oracle adds up what was charged: never more than the caps, of the day and of any hour.
 *
 * <p>A failure names its seed; run that alone to reproduce it.
 */
final class SpendingPropertyTest {
    private static final int STEPS = 300;
    private static final int SEEDS = 4;
    private static final long UNIT = 1_000;
    private static final long RESERVE = 10 * UNIT;
    private static final long CALL_MILLIS = 60_000;
    private static final Window ROLLING = new Window(Period.HOUR, true);
    /** A rolling window and the piece by which it may be longer, and a little. */
    private static final long LONGEST = Period.HOUR.millis() * 62 / 60;
    private static final Price PRICE =
            new Price.Metered(UNIT * 1_000_000, new Usage(null, "/n", "/n"), 10, 0);

    /** What was charged, or is held, at an instant, and counts until another. */
    private static final class Charged {
        private final long atMillis;
        private long amount;
        private long untilMillis = Long.MAX_VALUE;

        private Charged(long atMillis, long amount) {
            this.atMillis = atMillis;
            this.amount = amount;
        }
    }

    private static final class Live {
        private final Call call;
        /** One for each time that something was taken. */
        private final List<Charged> taken = new ArrayList<>();
        /** The caps of the configuration that the call began with. */
        private final long dayCap;
        private final long hourCap;
        private long used;

        private Live(Call call, long dayCap, long hourCap) {
            this.call = call;
            this.dayCap = dayCap;
            this.hourCap = hourCap;
        }

        private Holding held() {
            return (Holding) Objects.requireNonNull(call.reservation());
        }
    }

    @TempDir
    Path directory;

    private final TestingSpending spending = new TestingSpending();
    private final List<Charged> oracle = new ArrayList<>();
    /** What was used and not charged because one of the budgets was spent: the other was, as far as it went. */
    private final List<Charged> beyond = new ArrayList<>();
    private final List<Live> live = new ArrayList<>();
    private final List<Journal> journals = new ArrayList<>();
    private SplittableRandom random = new SplittableRandom();
    private long dayCap;
    private long hourCap;
    private Path current = Path.of("");
    private Charge charge = spending.charge(LimitRules.of(Map.of(), Map.of()));
    private int passed;
    private int refused;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void neverMoreThanTheCapIsCharged(int group) throws Exception {
        for (int seed = group * SEEDS; seed < (group + 1) * SEEDS; seed++) {
            run(seed);
        }
        assertThat(passed).isGreaterThan(SEEDS * 20);
        assertThat(refused).isGreaterThan(SEEDS * 20);
    }

    private void run(int seed) throws IOException {
        random = new SplittableRandom(seed);
        oracle.clear();
        beyond.clear();
        live.clear();
        open(Files.createDirectories(directory.resolve("seed" + seed)));
        reload();
        try {
            for (int step = 0; step < STEPS; step++) {
                step("seed %d, step %d".formatted(seed, step));
            }
        } finally {
            for (Journal journal : journals) {
                journal.close();
            }
            journals.clear();
        }
    }

    private void step(String when) throws IOException {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5 -> call(when);
            case 6, 7, 8 -> stream(when);
            case 9, 10 -> settle(true);
            case 11 -> settle(false);
            case 12 -> notSent();
            case 13, 14, 15 -> spending.time().pass(Duration.ofMillis(random.nextLong(20 * CALL_MILLIS)));
            case 16 -> spending.time().pass(Duration.ofMinutes(random.nextLong(10 * 60)));
            case 17 -> reload();
            case 18 -> crash();
            default -> settle(random.nextBoolean());
        }
        assertThat(spending.partnersDay()).as(when).isGreaterThanOrEqualTo(day());
    }

    private void call(String when) {
        Live coming = new Live(spending.call(PARTNER), dayCap, hourCap);
        if (passes(charge, coming.call)) {
            passed++;
            live.add(coming);
            take(coming, RESERVE, when);
        } else {
            refused++;
            boolean needless = day() + sum(beyond, midnight()) + RESERVE <= dayCap
                    && hour(LONGEST) + sum(beyond, now() - LONGEST) + RESERVE <= hourCap;
            assertThat(needless).as(when + ": refused although there was room").isFalse();
        }
    }

    /** A stream uses more, and takes more when it must. */
    private void stream(String when) {
        Live streaming = any();
        if (streaming == null) {
            return;
        }
        spending.sent(streaming.call);
        streaming.used += random.nextLong(8);
        streaming.held().used(0, streaming.used);
        long before = streaming.held().micros();
        boolean covered = streaming.held().covered();
        take(streaming, streaming.held().micros() - before, when);
        if (!covered) {
            finish(streaming);
        }
    }

    private void settle(boolean stated) {
        Live ending = any();
        if (ending == null) {
            return;
        }
        spending.sent(ending.call);
        if (stated) {
            ending.used += random.nextLong(15);
            ending.held().used(0, ending.used);
        }
        finish(ending);
    }

    private void notSent() {
        Live ending = any();
        if (ending != null && ending.call.attempts() == 0) {
            finish(ending);
            assertThat(ending.held().micros()).isZero();
        }
    }

    private void finish(Live ending) {
        live.remove(ending);
        long held = ending.held().micros();
        long before = spending.accounts().uncoveredMicros();
        end(ending.call);
        end(ending.call);
        beyond.add(new Charged(now(), spending.accounts().uncoveredMicros() - before));
        long charged = ending.held().micros();
        long remaining = charged;
        for (Charged each : ending.taken) {
            each.amount = Math.min(each.amount, remaining);
            remaining -= each.amount;
        }
        take(ending, charged - held, "settling");
    }

    /** What is taken must be within the caps with all that was taken before. */
    private void take(Live taking, long amount, String when) {
        if (amount <= 0) {
            return;
        }
        Charged taken = new Charged(now(), amount);
        taking.taken.add(taken);
        oracle.add(taken);
        assertThat(day()).as(when + ", day").isLessThanOrEqualTo(taking.dayCap);
        assertThat(hour(ROLLING.period().millis())).as(when + ", hour").isLessThanOrEqualTo(taking.hourCap);
    }

    private void reload() {
        dayCap = random.nextLong(20, 200) * UNIT;
        hourCap = random.nextLong(15, 90) * UNIT;
        charge = spending.charge(LimitRules.of(Map.of("partner", new LimitRule(List.of(), 0, List.of(
                new Allowance(new Unit.Currency("USD"), dayCap, DAY),
                new Allowance(new Unit.Currency("USD"), hourCap, ROLLING)))), Map.of()), PRICE);
    }

    /** What the journal's files hold at this moment is what a process finds that begins after this one was killed. */
    private void crash() throws IOException {
        Path copy = Files.createDirectories(directory.resolve("crash" + Math.abs(random.nextLong())));
        try (Stream<Path> files = Files.list(current)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, copy.resolve(file.getFileName()));
                } catch (NoSuchFileException renamed) {
                    assertThat(file.toString()).endsWith(".new"); // as if killed before it was made
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        }
        for (Live lost : live) {
            long deadline = lost.taken.getFirst().atMillis + CALL_MILLIS;
            lost.taken.forEach(each -> each.untilMillis = deadline);
        }
        live.clear();
        open(copy);
        reload();
    }

    private void open(Path at) {
        current = at;
        Journal journal = Journal.open(at, spending.time(), 1);
        journals.add(journal);
        spending.remember(new Accounts(spending.time(), journal));
    }

    private long day() {
        return sum(oracle, midnight());
    }

    private long midnight() {
        return Instant.ofEpochMilli(now()).truncatedTo(ChronoUnit.DAYS).toEpochMilli();
    }

    private long hour(long millis) {
        return sum(oracle, now() - millis + 1);
    }

    private long sum(List<Charged> charged, long since) {
        long now = now();
        return charged.stream().filter(each -> each.atMillis >= since && now < each.untilMillis)
                .mapToLong(each -> each.amount).sum();
    }

    private @Nullable Live any() {
        return live.isEmpty() ? null : live.get(random.nextInt(live.size()));
    }

    private long now() {
        return spending.time().epochMillis();
    }
}
