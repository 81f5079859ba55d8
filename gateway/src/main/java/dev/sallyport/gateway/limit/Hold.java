package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.limit.journal.JournalEntry;
import org.jspecify.annotations.Nullable;

/** One call's part of one account. */
final class Hold {
    private final AccountKey key;
    private final CompiledAllowance allowance;
    private final long amount;
    private @Nullable Account account;
    private @Nullable Span span;
    private long number;

    Hold(AccountKey key, CompiledAllowance allowance, long amount) {
        this.key = key;
        this.allowance = allowance;
        this.amount = amount;
    }

    /** The same account and another amount, not taken yet. */
    Hold another(long anotherAmount) {
        return new Hold(key, allowance, anotherAmount);
    }

    Owner owner() {
        return key.owner();
    }

    Unit unit() {
        return key.unit();
    }

    CompiledAllowance allowance() {
        return allowance;
    }

    long amount() {
        return amount;
    }

    /** Whether all of the amount was reserved. */
    boolean take(Accounts accounts, long nowMillis) {
        Span current = allowance.clock().at(nowMillis);
        while (true) {
            Account found = accounts.findOrAdd(key, allowance.clock(), nowMillis);
            number = found.reserve(amount, allowance.allowance().amount(), current.number());
            if (number != Account.RETIRED) {
                account = found;
                span = current;
                return number != Account.REFUSED;
            }
            accounts.forget(found);
        }
    }

    /** Takes as much of the amount as fits, and returns the hold on that; null when nothing does. */
    @Nullable
    Hold takeWhatFits(Accounts accounts, long nowMillis) {
        Span current = allowance.clock().at(nowMillis);
        while (true) {
            Account found = accounts.findOrAdd(key, allowance.clock(), nowMillis);
            long fits = found.reserveWhatFits(amount, allowance.allowance().amount(), current.number());
            if (fits == 0) {
                return null;
            }
            if (fits != Account.RETIRED) {
                Hold taken = another(fits);
                taken.account = found;
                taken.span = current;
                taken.number = current.number();
                return taken;
            }
            accounts.forget(found);
        }
    }

    /** Gives a part of what was taken back. */
    void giveBack(long part) {
        if (account != null) {
            account.giveBack(part, number);
        }
    }

    /** How long until the amount fits, in milliseconds; 0 when it does, -1 when it never will. */
    long untilFitsMillis(Accounts accounts, long nowMillis) {
        return accounts.findOrAdd(key, allowance.clock(), nowMillis).untilFitsMillis(amount,
                allowance.allowance().amount(), allowance.clock().at(nowMillis), nowMillis);
    }

    JournalEntry journalEntry() {
        if (account == null || span == null) {
            throw new IllegalStateException("nothing was taken");
        }
        return new JournalEntry(account.window(span), amount);
    }
}
