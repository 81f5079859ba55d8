package dev.sallyport.gateway.identity;

import dev.sallyport.gateway.call.Caller;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every known key by its hash, in an immutable open hash table. SHA-256 spreads evenly and nobody can aim at a slot
 * without knowing what its preimage resistance withholds, so the hash's own bits are the slot, and how long a look-up takes
 * tells nothing of the keys.
 */
final class KeyTable implements Keys {
    /** One key. */
    record Known(long first, long second, long third, long fourth, long expiresEpochMillis, @Nullable Instant expires,
            Caller caller) {
        private boolean is(long a, long b, long c, long d) {
            return ((first ^ a) | (second ^ b) | (third ^ c) | (fourth ^ d)) == 0;
        }
    }

    private final @Nullable Known[] slots;
    private final int mask;

    KeyTable(List<ApiKeyEntry> entries) {
        int capacity = Integer.highestOneBit(Math.max(4, entries.size()) * 2 - 1) * 2;
        slots = new Known[capacity];
        mask = capacity - 1;
        for (ApiKeyEntry entry : entries) {
            Known known = known(entry);
            Known other = find(known.first, known.second, known.third, known.fourth);
            if (other != null) {
                throw new IllegalArgumentException(
                        "callers " + other.caller.id() + " and " + known.caller.id() + " hold the same key");
            }
            int slot = (int) known.first & mask;
            while (slots[slot] != null) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = known;
        }
    }

    @Override
    public @Nullable Known find(long first, long second, long third, long fourth) {
        for (int slot = (int) first & mask;; slot = (slot + 1) & mask) {
            Known known = slots[slot];
            if (known == null || known.is(first, second, third, fourth)) {
                return known;
            }
        }
    }

    private static Known known(ApiKeyEntry entry) {
        String hash = entry.sha256();
        Instant expires = entry.expires();
        return new Known(
                HexFormat.fromHexDigitsToLong(hash, 0, 16),
                HexFormat.fromHexDigitsToLong(hash, 16, 32),
                HexFormat.fromHexDigitsToLong(hash, 32, 48),
                HexFormat.fromHexDigitsToLong(hash, 48, 64),
                expires == null ? Long.MAX_VALUE : expires.toEpochMilli(),
                expires,
                entry.caller());
    }
}
