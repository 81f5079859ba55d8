package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message section, in the order in which they arrived (RFC 9110 section 5).
 *
 * <p>Names are lower case and never start with a colon: pseudo-fields of HTTP/2 do not occur here. Values hold one
 * character per byte (ISO-8859-1) without surrounding white space. Repeated names stay separate entries. Look-up is a
 * linear scan, which beats a map for the few dozen fields that a message has; whoever parses bounds their number.
 * Not safe for use by several threads.
 */
public final class Headers {
    private static final int INITIAL_FIELDS = 12;

    private String[] entries;
    private int used;

    public Headers() {
        this(INITIAL_FIELDS);
    }

    /** @param expected how many fields to make room for */
    public Headers(int expected) {
        entries = new String[Math.max(2, expected * 2)];
    }

    public static Headers of(String... namesAndValues) {
        Headers headers = new Headers(namesAndValues.length / 2);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    public int size() {
        return used >> 1;
    }

    public boolean isEmpty() {
        return used == 0;
    }

    /** The lower-case name of field {@code index}, 0 ≤ index &lt; size. */
    public String name(int index) {
        return entries[index << 1];
    }

    public String value(int index) {
        return entries[(index << 1) + 1];
    }

    /** The first value of {@code name} (lower case), or null when the field is absent. */
    public @Nullable String first(String name) {
        String[] scanned = entries;
        for (int i = 0; i < used; i += 2) {
            if (scanned[i].equals(name)) {
                return scanned[i + 1];
            }
        }
        return null;
    }

    public boolean contains(String name) {
        return first(name) != null;
    }

    public int count(String name) {
        int count = 0;
        for (int i = 0; i < used; i += 2) {
            if (entries[i].equals(name)) {
                count++;
            }
        }
        return count;
    }

    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int i = 0; i < used; i += 2) {
            if (entries[i].equals(name)) {
                values.add(entries[i + 1]);
            }
        }
        return values;
    }

    public Headers add(String name, String value) {
        requireNonNull(name, "name is null");
        requireNonNull(value, "value is null");
        if (used == entries.length) {
            entries = Arrays.copyOf(entries, entries.length * 2);
        }
        entries[used] = name;
        entries[used + 1] = value;
        used += 2;
        return this;
    }

    public Headers addAll(Headers others) {
        for (int i = 0; i < others.used; i += 2) {
            add(others.entries[i], others.entries[i + 1]);
        }
        return this;
    }

    /** Replaces every field called {@code name} by one with {@code value}. */
    public Headers set(String name, String value) {
        remove(name);
        return add(name, value);
    }

    /** Removes every field called {@code name}; the others keep their order. */
    public Headers remove(String name) {
        return removeIf(name::equals);
    }

    /** Removes every field whose name is {@code unwanted}; the others keep their order. */
    public Headers removeIf(Predicate<String> unwanted) {
        int kept = 0;
        for (int i = 0; i < used; i += 2) {
            if (!unwanted.test(entries[i])) {
                if (kept != i) {
                    entries[kept] = entries[i];
                    entries[kept + 1] = entries[i + 1];
                }
                kept += 2;
            }
        }
        Arrays.fill(entries, kept, used, null);
        used = kept;
        return this;
    }

    public Headers copy() {
        Headers copy = new Headers(size() + 4);
        System.arraycopy(entries, 0, copy.entries, 0, used);
        copy.used = used;
        return copy;
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Headers[");
        for (int i = 0; i < used; i += 2) {
            text.append(i == 0 ? "" : ", ").append(entries[i]);
        }
        return text.append(']').toString();
    }
}
