package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Reservation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one call holds of quotas and budgets: taken before it is forwarded, more while a stream uses more, and settled exactly
 * once when the call ends. Confined to the call's event loop.
 *
 * <p>Settled is what was used; what was reserved when that is not known; nothing when no model has seen the whole request,
 * or when it answered that it has not worked (429, 503).
 */
final class Holding implements Reservation, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Holding.class);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final long UNKNOWN = -1;

    private final Call call;
    private final Accounts accounts;
    private final ChargeRule rule;
    private final long bytes;
    private final long deadlineMillis;
    private final long step;
    private final List<Batch> batches = new ArrayList<>(1);
    /** What was used at each metered price, as far as it is known. */
    private final long[] used;
    private long micros;
    private @Nullable Hold refusing;
    private int answerStatus;
    private boolean settled;

    /**
     * @param first what was taken, and written down
     * @param bytes of the request's body
     */
    Holding(Call call, Accounts accounts, ChargeRule rule, Batch first, long bytes, long deadlineMillis) {
        this.call = call;
        this.accounts = accounts;
        this.rule = rule;
        this.bytes = bytes;
        this.deadlineMillis = deadlineMillis;
        batches.add(first);
        this.micros = microsOf(first);
        step = this.micros;
        used = new long[rule.prices().size()];
        Arrays.fill(used, UNKNOWN);
    }

    @Override
    public long micros() {
        return micros;
    }

    ChargeRule rule() {
        return rule;
    }

    /** Whether the body of the answer says what is charged. */
    boolean readsAnswer() {
        return micros > 0 && rule.readsAnswer();
    }

    void answered(int status) {
        answerStatus = status;
    }

    /** Whether it is known what was used at price {@code index}. */
    boolean knows(int index) {
        return used[index] != UNKNOWN;
    }

    String callId() {
        return call.id();
    }

    /** Why a stream ends here. */
    Refusal usedUp() {
        Refusal refusal = Refusal.of(RefusalCode.BUDGET_EXHAUSTED,
                "The budget has too little left for the rest of the answer, which ends here.");
        return refusing == null ? refusal
                : refusal.withMember("violated-policies", List.of(refusing.allowance().name()));
    }

    /** Notes what has been used so far at price {@code index}; the latest word counts. */
    void used(int index, long units) {
        used[index] = units;
    }

    /**
     * Sees to it that more is held than has been used so far.
     *
     * @return false when no more is to be had
     */
    boolean covered() {
        long due = due(0);
        return micros == 0 || due < micros || extend(due - micros);
    }

    private boolean extend(long missing) {
        for (long beyond = Math.max(1, step); beyond > 0; beyond /= 2) {
            if (take(missing + beyond)) {
                return true;
            }
        }
        return false;
    }

    private boolean take(long wanted) {
        List<Hold> more = money(wanted);
        refusing = Batch.take(more, accounts, accounts.nowMillis());
        if (refusing != null) {
            return false;
        }
        batches.add(Batch.record(more, accounts, deadlineMillis));
        micros += wanted;
        return true;
    }

    /** Holds on the same budgets, of another amount. */
    private List<Hold> money(long amount) {
        List<Hold> money = new ArrayList<>(2);
        List<Hold> first = batches.getFirst().holds();
        for (int i = 0; i < first.size(); i++) {
            if (first.get(i).unit() instanceof Unit.Currency) {
                money.add(first.get(i).another(amount));
            }
        }
        return money;
    }

    /** What the call costs by what is known; where nothing is, each metered price counts as {@code unknown} units or its reserve. */
    private long due(long unknown) {
        long[] units = new long[used.length];
        for (int i = 0; i < units.length; i++) {
            if (rule.prices().get(i) instanceof Price.Metered metered) {
                units[i] = used[i] != UNKNOWN ? used[i] : unknown == UNKNOWN ? metered.reserve() : unknown;
            }
        }
        return Cost.micros(rule.prices(), call.measure(), bytes, units);
    }

    /** Settles; once. */
    @Override
    public void run() {
        if (settled) {
            return;
        }
        settled = true;
        boolean counted = counts();
        long due = counted ? due(UNKNOWN) : 0;
        long held = micros;
        long remaining = due;
        for (Batch batch : batches) {
            long part = Math.min(remaining, microsOf(batch));
            remaining -= part;
            batch.settle(counted, part);
        }
        micros = Math.min(due, held);
        if (due > held && held > 0) {
            micros += settleBeyond(due - held);
        }
    }

    private boolean counts() {
        if (answerStatus == TOO_MANY_REQUESTS || answerStatus == UNAVAILABLE) {
            return false;
        }
        return answerStatus != 0 || call.attempts() > 0 && call.timeline().marked(Phase.SEND);
    }

    private static long microsOf(Batch batch) {
        for (Hold hold : batch.holds()) {
            if (hold.unit() instanceof Unit.Currency) {
                return hold.amount();
            }
        }
        return 0;
    }

    /** Charges as much as still fits of what was used beyond what was held; how much that was on every budget. */
    private long settleBeyond(long beyond) {
        List<Hold> wanted = money(beyond);
        List<Hold> taken = new ArrayList<>(wanted.size());
        long least = beyond;
        for (Hold each : wanted) {
            Hold fits = each.takeWhatFits(accounts, accounts.nowMillis());
            least = Math.min(least, fits == null ? 0 : fits.amount());
            if (fits != null) {
                taken.add(fits);
            }
        }
        if (!taken.isEmpty()) {
            Batch.record(taken, accounts, deadlineMillis).settle(true, beyond);
        }
        if (least < beyond) {
            accounts.uncovered(beyond - least);
            LOG.warn(
                    "call {}: used {} millionths more than its budgets had left; a larger `reserve` would have refused it",
                    call.id(), beyond - least);
        }
        return least;
    }
}
