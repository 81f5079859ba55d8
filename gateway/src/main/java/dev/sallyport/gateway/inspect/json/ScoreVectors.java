package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/** Writes numbers as a caller may see them: single ones, and lists of scores. */
final class ScoreVectors {
    private static final byte[] BEST = "1.0".getBytes(US_ASCII);
    private static final byte[] OTHER = "0.0".getBytes(US_ASCII);

    private final boolean labelOnly;
    private final int top;
    private final JsonEdits edits;
    private final JsonRounding wholes = new JsonRounding(0);
    private final @Nullable JsonRounding rounding;

    ScoreVectors(Reveal reveal, JsonEdits edits) {
        labelOnly = reveal.labelOnly();
        top = labelOnly ? 1 : reveal.top();
        rounding = reveal.digits() < 0 ? null : new JsonRounding(reveal.digits());
        this.edits = edits;
    }

    /** Whether any score is hidden, and not only rounded. */
    boolean hides() {
        return top > 0;
    }

    boolean labelOnly() {
        return labelOnly;
    }

    /** How many of {@code count} scores are shown. */
    int shown(int count) {
        return top == 0 ? count : Math.min(top, count);
    }

    /** A number that is no part of a list: with labels only, its nearest whole number, which for two classes is the label. */
    void single(byte[] bytes, int start, int end) {
        if (labelOnly) {
            wholes.round(bytes, start, end, edits);
        } else if (rounding != null) {
            rounding.round(bytes, start, end, edits);
        }
    }

    /** A score that is shown among others. */
    void best(byte[] bytes, int start, int end) {
        if (labelOnly) {
            edits.replace(start, end, BEST);
        } else if (rounding != null) {
            rounding.round(bytes, start, end, edits);
        }
    }

    /** The scores from {@code from} up to {@code to} of a ranking: one list whose places mean its labels. */
    void list(byte[] bytes, Ranking ranking, int from, int to) {
        int shown = shown(to - from);
        if (to - from == 1) {
            single(bytes, ranking.start(from), ranking.end(from));
            return;
        }
        boolean all = shown == to - from;
        if (!all) {
            ranking.choose(from, to, shown);
        }
        byte[] filler = labelOnly || all ? OTHER : ranking.filler();
        for (int i = from; i < to; i++) {
            if (all || ranking.chosen(i)) {
                best(bytes, ranking.start(i), ranking.end(i));
            } else {
                edits.replace(ranking.start(i), ranking.end(i), filler);
            }
        }
    }
}
