package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.limit.journal.AccountWindow;
import dev.sallyport.gateway.limit.journal.JournalEntry;
import dev.sallyport.gateway.limit.journal.OpenReservation;
import dev.sallyport.gateway.limit.journal.Recovered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier run of the gateway has used, until the accounts that it belongs to are made; and what it had reserved
 * and not settled, which counts until its deadline.
 */
final class RecoveredSpending {
    /** @param deadlineMillis until when it counts; {@link Long#MAX_VALUE}: it was used */
    private record Amount(AccountWindow window, long amount, long deadlineMillis) {}

    private record Release(long deadlineMillis, int order, long amount, long number)
            implements Comparable<Release> {
        @Override
        public int compareTo(Release other) {
            int byDeadline = Long.compare(deadlineMillis, other.deadlineMillis);
            return byDeadline != 0 ? byDeadline : Integer.compare(order, other.order);
        }
    }

    private final ConcurrentHashMap<String, List<Amount>> byAccount = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Release, Account> releases = new ConcurrentSkipListMap<>();
    private final AtomicInteger orders = new AtomicInteger();

    RecoveredSpending(@Nullable Recovered recovered) {
        if (recovered == null) {
            return;
        }
        recovered.spent().forEach((window, amount) -> add(new Amount(window, amount, Long.MAX_VALUE)));
        for (OpenReservation open : recovered.open()) {
            for (JournalEntry entry : open.entries()) {
                add(new Amount(entry.window(), entry.amount(), open.deadlineEpochMillis()));
            }
        }
    }

    private void add(Amount amount) {
        byAccount.computeIfAbsent(amount.window().account(), _ -> new ArrayList<>(1)).add(amount);
    }

    boolean knows(AccountKey key) {
        return !byAccount.isEmpty() && byAccount.containsKey(key.text());
    }

    /** Counts in a new account what is known of it; once. */
    void into(Account account, WindowClock clock, long nowMillis) {
        List<Amount> amounts = byAccount.isEmpty() ? null : byAccount.remove(account.key().text());
        if (amounts == null) {
            return;
        }
        for (Amount each : amounts) {
            AccountWindow window = each.window();
            Long number = clock.numberOf(window.windowStartMillis(), window.windowEndMillis(), nowMillis);
            if (number == null || each.deadlineMillis() <= nowMillis) {
                continue;
            }
            account.recover(each.amount(), number);
            if (each.deadlineMillis() != Long.MAX_VALUE) {
                releases.put(new Release(each.deadlineMillis(), orders.getAndIncrement(), each.amount(), number),
                        account);
            }
        }
    }

    /** Gives back what was open and of which the deadline has passed. */
    void release(long nowMillis) {
        while (!releases.isEmpty()) {
            Map.Entry<Release, Account> first = releases.firstEntry();
            if (first == null || first.getKey().deadlineMillis() > nowMillis) {
                return;
            }
            Release due = first.getKey();
            if (releases.remove(due, first.getValue())) {
                first.getValue().giveBack(due.amount(), due.number());
            }
        }
    }
}
