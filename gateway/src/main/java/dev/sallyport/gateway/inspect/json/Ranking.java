package dev.sallyport.gateway.inspect.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The scores of one list, and which of them are the best: the greater first, of equal ones the earlier. */
final class Ranking {
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private double[] scores = new double[64];
    private int count;

    /** Where the last call of {@link #choose} drew the line: what is above is shown, and of what is equal the first few. */
    private double least;
    private int equals;

    void clear() {
        count = 0;
    }

    void add(byte[] bytes, int start, int end) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
            scores = Arrays.copyOf(scores, count * 2);
        }
        starts[count] = start;
        ends[count] = end;
        scores[count] = Double.parseDouble(new String(bytes, start, end - start, StandardCharsets.US_ASCII));
        count++;
    }

    int count() {
        return count;
    }

    int start(int index) {
        return starts[index];
    }

    int end(int index) {
        return ends[index];
    }

    /** Chooses the best {@code top}, 1 to their count, of those from {@code from} up to {@code to}. */
    void choose(int from, int to, int top) {
        double[] sorted = Arrays.copyOfRange(scores, from, to);
        Arrays.sort(sorted);
        least = sorted[sorted.length - top];
        equals = top;
        for (int i = from; i < to; i++) {
            equals -= scores[i] > least ? 1 : 0;
        }
    }

    /** Whether the score at {@code index} was chosen; to be asked once for each, in order. */
    boolean chosen(int index) {
        return scores[index] > least || scores[index] == least && equals-- > 0;
    }

    /** What stands for a score that is not shown: 0, or a whole number below the least that is shown when that is negative. */
    byte[] filler() {
        String text = least >= 0 ? "0.0" : least > -1e15 ? (long) Math.floor(least) - 1 + ".0" : "-1e308";
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
