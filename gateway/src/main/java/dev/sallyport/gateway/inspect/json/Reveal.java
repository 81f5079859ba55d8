package dev.sallyport.gateway.inspect.json;

import java.util.List;
import java.util.stream.Stream;

/**
 * How much of an answer a caller may see.
 *
 * @param labelOnly whether only the best label is shown: of each list of scores the greatest becomes 1 and all others 0,
 *                  and single scores go
 * @param top       how many scores of each list are shown; 0: all
 * @param digits    digits behind the point to which every number is rounded (half to even), 0 to {@link #DIGITS_MOST};
 *                  -1: as the model gave them
 * @param remove    JSON Pointers of what is removed; {@code *} or {@code -} stands for every element and member
 * @param scores    JSON Pointers of the lists of scores; empty: they are known by their names and shapes
 */
public record Reveal(boolean labelOnly, int top, int digits, List<String> remove, List<String> scores) {
    public static final int DIGITS_MOST = 15;
    static final int POINTERS_MOST = 32;

    /** @throws IllegalArgumentException when a number or a pointer is not allowed; the message says why */
    public Reveal {
        remove = List.copyOf(remove);
        scores = List.copyOf(scores);
        if (top < 0) {
            throw new IllegalArgumentException("top is negative");
        }
        if (digits < -1 || digits > DIGITS_MOST) {
            throw new IllegalArgumentException("digits is not between 0 and " + DIGITS_MOST);
        }
        if (remove.size() > POINTERS_MOST || scores.size() > POINTERS_MOST) {
            throw new IllegalArgumentException("there are more than " + POINTERS_MOST + " pointers");
        }
        if (remove.contains("")) {
            throw new IllegalArgumentException("the whole answer cannot be removed; name a member of it");
        }
        Stream.concat(remove.stream(), scores.stream()).forEach(JsonPointer::of);
    }
}
