package dev.sallyport.app.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the word that was probably meant, by the number of letters inserted, left out, changed or swapped. */
final class Nearest {
    private static final int WORD_MAX = 64;

    private Nearest() {}

    /** The nearest of {@code known}, or null when none is near enough to be what was meant. */
    static @Nullable String to(String word, Collection<String> known) {
        if (word.length() > WORD_MAX) {
            return null;
        }
        int best = Math.max(2, word.length() / 3) + 1;
        @Nullable String nearest = null;
        for (String candidate : known) {
            int distance = distance(canonical(word), canonical(candidate));
            if (distance < best && distance < candidate.length()) {
                best = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** {@code ; did you mean `x`?}, or nothing. */
    static String hint(String word, Collection<String> known) {
        String nearest = to(word, known);
        return nearest == null ? "" : "; did you mean `" + nearest + "`?";
    }

    private static String canonical(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The distance of Damerau and Levenshtein, in its optimal string alignment form. */
    private static int distance(String left, String right) {
        int[][] distances = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            distances[i][0] = i;
        }
        for (int j = 0; j <= right.length(); j++) {
            distances[0][j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            for (int j = 1; j <= right.length(); j++) {
                int changed = distances[i - 1][j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                int least = Math.min(changed, 1 + Math.min(distances[i - 1][j], distances[i][j - 1]));
                boolean swapped = i > 1 && j > 1 && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1);
                distances[i][j] = swapped ? Math.min(least, distances[i - 2][j - 2] + 1) : least;
            }
        }
        return distances[left.length()][right.length()];
    }
}
