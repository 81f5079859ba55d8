package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What an account is kept under, in memory and in the journal: not the amount, so that a reload which changes that forgets
 * nothing of what was used.
 *
 * @param id the owner's id; of a caller on a model both, with a space between; empty for the gateway
 */
public record AccountKey(Owner owner, String id, Unit unit, Window window) implements Comparable<AccountKey> {
    public AccountKey {
        requireNonNull(owner, "owner is null");
        requireNonNull(id, "id is null");
        requireNonNull(unit, "unit is null");
        requireNonNull(window, "window is null");
    }

    /** The name that the journal knows it by; names of callers, models and tenants hold no slash. */
    public String text() {
        return owner.text() + "/" + id + "/" + unit.text() + "/" + window.text();
    }

    @Override
    public int hashCode() {
        return id.hashCode() * 31 + owner.ordinal() * 7 + unit.text().hashCode() + window.period().ordinal() * 2
                + (window.rolling() ? 1 : 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AccountKey key
                && owner == key.owner
                && id.equals(key.id)
                && unit.equals(key.unit)
                && window.equals(key.window);
    }

    @Override
    public int compareTo(AccountKey other) {
        return text().compareTo(other.text());
    }
}
