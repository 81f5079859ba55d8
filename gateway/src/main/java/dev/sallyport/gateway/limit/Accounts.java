package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.limit.journal.Journal;
import dev.sallyport.gateway.limit.journal.JournalWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * All accounts of the process. It lives as long as the process, outside every snapshot, under keys that a reload does not
 * change. Who does not call costs nothing: an account is made by the first call that uses it and dropped when its window
 * has passed.
 */
public final class Accounts {
    private static final long SWEEP_INTERVAL_NANOS = 10_000_000;
    private static final int SWEPT_PER_INTERVAL = 64;
    private static final int SWEPT_PER_ADDITION = 2;

    /** An account with the clock of its window, for whoever looks whether it can go. */
    private record Kept(Account account, WindowClock clock) {}

    private final Time time;
    private final ConcurrentHashMap<AccountKey, Account> accounts = new ConcurrentHashMap<>();
    private final Queue<Kept> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong sweepAt;
    private final LongAdder uncovered = new LongAdder();
    private final RecoveredSpending recovered;
    private final @Nullable JournalWriters writers;

    /** Accounts that a restart forgets. */
    public Accounts(Time time) {
        this(time, null);
    }

    /** @param journal what remembers them across restarts; null: nothing does */
    public Accounts(Time time, @Nullable Journal journal) {
        this.time = requireNonNull(time, "time is null");
        sweepAt = new AtomicLong(time.nanos());
        recovered = new RecoveredSpending(journal == null ? null : journal.recovered());
        writers = journal == null ? null : new JournalWriters(journal);
    }

    /** How many accounts exist. */
    public long size() {
        return accounts.mappingCount();
    }

    /** Millionths of a currency's unit that models said were used, beyond what any budget still allowed. */
    public long uncoveredMicros() {
        return uncovered.sum();
    }

    void uncovered(long micros) {
        uncovered.add(micros);
    }

    long nowMillis() {
        return time.epochMillis();
    }

    long nowNanos() {
        return time.nanos();
    }

    /** What this thread writes reservations down with; null when nothing does. */
    @Nullable
    JournalWriter writer() {
        return writers == null ? null : writers.own();
    }

    Account findOrAdd(AccountKey key, WindowClock clock, long nowMillis) {
        Account found = accounts.get(key);
        return found != null ? found : add(key, clock, nowMillis);
    }

    private Account add(AccountKey key, WindowClock clock, long nowMillis) {
        sweep(SWEPT_PER_ADDITION, nowMillis);
        return accounts.computeIfAbsent(key, absent -> {
            Account made = new Account(absent);
            recovered.into(made, clock, nowMillis);
            queue.add(new Kept(made, clock));
            return made;
        });
    }

    /** Removes a retired account, so that the next look-up makes a new one. */
    void forget(Account retired) {
        accounts.remove(retired.key(), retired);
    }

    /** What is used in the window of {@code key} that is under way, reservations included. */
    long used(AccountKey key, WindowClock clock) {
        long now = nowMillis();
        recovered.release(now);
        Account account = accounts.get(key);
        if (account == null && recovered.knows(key)) {
            account = findOrAdd(key, clock, now);
        }
        return account == null ? 0 : account.used(clock.at(now).number());
    }

    /** Does what is due: releases what an earlier run left open, and drops a few accounts that count nothing. */
    void tend(long nowMillis) {
        recovered.release(nowMillis);
        long now = time.nanos();
        long due = sweepAt.get();
        if (now - due >= 0 && sweepAt.compareAndSet(due, now + SWEEP_INTERVAL_NANOS)) {
            sweep(SWEPT_PER_INTERVAL, nowMillis);
        }
    }

    private void sweep(int count, long nowMillis) {
        for (int i = 0; i < count; i++) {
            Kept kept = queue.poll();
            if (kept == null) {
                return;
            }
            if (kept.account().retireIfIdle(kept.clock().at(nowMillis).number())) {
                forget(kept.account());
            } else {
                queue.add(kept);
            }
        }
    }
}
