package dev.sallyport.gateway.inspect.json;

import java.util.List;

/** Up to 64 JSON Pointers that are followed at once: a set of those that a place may lie on is one bit for each. */
final class PointerSet {
    private final JsonPointer[] pointers;

    PointerSet(List<String> pointers) {
        if (pointers.size() > Long.SIZE) {
            throw new IllegalArgumentException("there are more than 64 pointers");
        }
        this.pointers = pointers.stream().map(JsonPointer::of).toArray(JsonPointer[]::new);
    }

    boolean empty() {
        return pointers.length == 0;
    }

    /** All of them, for the whole text. */
    long all() {
        return pointers.length == 0 ? 0 : -1L >>> Long.SIZE - pointers.length;
    }

    /** Those of {@code active}, which lead to a container at this level, that lead on to where the cursor stands in it. */
    long narrowed(long active, int level, JsonCursor cursor) {
        long narrowed = 0;
        for (long rest = active; rest != 0; rest &= rest - 1) {
            int index = Long.numberOfTrailingZeros(rest);
            if (pointers[index].length() > level && pointers[index].matches(level, cursor)) {
                narrowed |= rest & -rest;
            }
        }
        return narrowed;
    }

    /** Whether one of {@code active} ends at this level. */
    boolean ends(long active, int level) {
        for (long rest = active; rest != 0; rest &= rest - 1) {
            if (pointers[Long.numberOfTrailingZeros(rest)].length() == level) {
                return true;
            }
        }
        return false;
    }
}
