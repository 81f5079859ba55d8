package dev.sallyport.gateway.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An immutable hash table whose keys are looked up as parts of a longer text, without cutting them out. */
final class NameTable<V> {
    private final @Nullable String[] names;
    private final @Nullable Object[] values;
    private final int mask;

    NameTable(Map<String, V> entries) {
        int capacity = Integer.highestOneBit(Math.max(4, entries.size()) * 2 - 1) * 2;
        names = new String[capacity];
        values = new Object[capacity];
        mask = capacity - 1;
        entries.forEach((name, value) -> {
            int slot = slot(hash(name, 0, name.length()));
            while (names[slot] != null) {
                slot = (slot + 1) & mask;
            }
            names[slot] = name;
            values[slot] = value;
        });
    }

    /** What is kept under the part of {@code text} from {@code start} to {@code end}, percent-decoded; else null. */
    @Nullable
    V find(String text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c == '%') {
                String decoded = PercentCoding.decoded(text, start, end);
                return probe(decoded, 0, decoded.length(), hash(decoded, 0, decoded.length()));
            }
            hash = 31 * hash + c;
        }
        return probe(text, start, end, hash);
    }

    @SuppressWarnings("unchecked") // only values of type V were put in
    private @Nullable V probe(String text, int start, int end, int hash) {
        int length = end - start;
        for (int slot = slot(hash);; slot = (slot + 1) & mask) {
            String name = names[slot];
            if (name == null) {
                return null;
            }
            if (name.length() == length && name.regionMatches(0, text, start, length)) {
                return (V) values[slot];
            }
        }
    }

    private int slot(int hash) {
        return (hash * 0x9E3779B9 >>> 7) & mask;
    }

    private static int hash(String text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }
}
