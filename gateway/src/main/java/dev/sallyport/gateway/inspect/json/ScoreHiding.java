package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/**
 * Walks over a sound answer in the order of its bytes, and notes which scores are hidden and which numbers are rounded.
 * Recursion is as deep as the answer, which {@link JsonLimits#ANSWER} bounds.
 */
final class ScoreHiding {
    /** What the surroundings of a value say about it. */
    private enum Role {
        PLAIN,
        /** Its name, a pointer or its place says that all numbers in it are scores. */
        SCORES,
        /** One element for each instance. */
        BATCH,
        /** The whole answer for one instance: scores, if it looks like them. */
        INSTANCE,
        /** A list of tensors. */
        TENSORS,
        /** One tensor. */
        TENSOR
    }

    private static final byte[] OUTPUTS = "outputs".getBytes(US_ASCII);
    private static final byte[] PREDICTIONS = "predictions".getBytes(US_ASCII);

    private final PointerSet scores;
    private final JsonEdits edits;
    private final ScoreVectors vectors;
    private final TensorScores tensors;
    private final Ranking ranking = new Ranking();
    private byte[] bytes = new byte[0];

    ScoreHiding(Reveal reveal, PointerSet scores, JsonEdits edits) {
        this.scores = scores;
        this.edits = edits;
        vectors = new ScoreVectors(reveal, edits);
        tensors = new TensorScores(vectors);
    }

    /** Returns what keeps the answer from being read for sure; null when nothing does. */
    @Nullable
    String walk(byte[] text) {
        bytes = text;
        Role role = scores.empty() ? Role.INSTANCE : scores.ends(scores.all(), 0) ? Role.SCORES : Role.PLAIN;
        value(JsonScanner.space(text, 0), role, scores.all(), 0);
        return tensors.contradiction();
    }

    /** Walks over the value that begins at {@code start}, {@code level} steps into the answer; the index behind it. */
    private int value(int start, Role role, long active, int level) {
        return switch (bytes[start]) {
            case '{' -> object(start, role, active, level);
            case '[' -> array(start, role, active, level);
            default -> {
                int end = JsonCursor.skip(bytes, start);
                if (JsonCursor.number(bytes[start])) {
                    vectors.single(bytes, start, end);
                }
                yield end;
            }
        };
    }

    private int object(int start, Role role, long active, int level) {
        if (vectors.hides() && labelsToScores(start, role)) {
            return labels(start);
        }
        boolean tensor = role == Role.TENSOR && TensorScores.floating(bytes, start);
        JsonCursor member = new JsonCursor(bytes, start);
        JsonGaps gaps = new JsonGaps(edits);
        while (member.next()) {
            long inner = scores.narrowed(active, level, member);
            if (vectors.labelOnly() && singleScore(member, inner, level + 1)) {
                gaps.drop(member);
            } else {
                gaps.keep(member);
                member.ended(tensor && member.named(TensorScores.DATA)
                        ? tensors.write(bytes, start, member.value())
                        : value(member.value(), role(member, inner, level + 1), inner, level + 1));
            }
            gaps.passed(member);
        }
        gaps.end();
        return member.end();
    }

    private Role role(JsonCursor member, long active, int level) {
        if (!scores.empty()) {
            return scores.ends(active, level) ? Role.SCORES : Role.PLAIN;
        }
        if (member.named(PREDICTIONS)) {
            return Role.BATCH;
        }
        if (level == 1 && member.named(OUTPUTS)) {
            return Role.TENSORS;
        }
        return ScoreNames.contains(member) ? Role.SCORES : Role.PLAIN;
    }

    private int array(int start, Role role, long active, int level) {
        if (vectors.hides()) {
            if (listOfScores(start, role)) {
                return list(start);
            }
            if ((role == Role.SCORES || scores.empty() && role != Role.BATCH && role != Role.TENSORS)
                    && scoredLabels(start)) {
                return scored(start, active, level);
            }
        }
        JsonCursor element = new JsonCursor(bytes, start);
        while (element.next()) {
            long inner = scores.narrowed(active, level, element);
            Role own = scores.ends(inner, level + 1) ? Role.SCORES : within(role, bytes[element.value()] == '[');
            element.ended(value(element.value(), own, inner, level + 1));
        }
        return element.end();
    }

    private static Role within(Role list, boolean isList) {
        return switch (list) {
            case PLAIN, TENSOR -> Role.PLAIN;
            case SCORES -> Role.SCORES;
            case BATCH -> isList ? Role.SCORES : Role.INSTANCE;
            case INSTANCE -> Role.INSTANCE;
            case TENSORS -> Role.TENSOR;
        };
    }

    /** Whether the array at {@code start} is a list of scores whose places mean its labels. */
    private boolean listOfScores(int start, Role role) {
        boolean sure = role == Role.SCORES;
        if (!sure && role != Role.INSTANCE && (!vectors.labelOnly() || role == Role.BATCH)) {
            return false;
        }
        boolean fraction = false;
        JsonCursor element = new JsonCursor(bytes, start);
        while (element.next()) {
            if (!JsonCursor.number(bytes[element.value()])) {
                return false;
            }
            fraction |= fraction(element);
        }
        return element.index() >= 0 && (sure || fraction);
    }

    private int list(int start) {
        ranking.clear();
        JsonCursor element = new JsonCursor(bytes, start);
        while (element.next()) {
            ranking.add(bytes, element.value(), element.end());
        }
        vectors.list(bytes, ranking, 0, ranking.count());
        return element.end();
    }

    /** Whether the object at {@code start} gives each label, by its name, a score. */
    private boolean labelsToScores(int start, Role role) {
        boolean sure = role == Role.SCORES;
        if (!sure && role != Role.INSTANCE && !vectors.labelOnly()) {
            return false;
        }
        boolean fraction = false;
        JsonCursor member = new JsonCursor(bytes, start);
        while (member.next()) {
            if (!JsonCursor.number(bytes[member.value()]) || !sure && ScoreNames.contains(member)) {
                return false;
            }
            fraction |= fraction(member);
        }
        return member.index() >= 0 && (sure || fraction && member.index() > 0);
    }

    private int labels(int start) {
        ranking.clear();
        JsonCursor member = new JsonCursor(bytes, start);
        while (member.next()) {
            ranking.add(bytes, member.value(), member.end());
        }
        int shown = vectors.shown(ranking.count());
        ranking.choose(0, ranking.count(), shown);
        member = new JsonCursor(bytes, start);
        JsonGaps gaps = new JsonGaps(edits);
        while (member.next()) {
            if (ranking.chosen(member.index())) {
                gaps.keep(member);
                vectors.best(bytes, member.value(), member.end());
            } else {
                gaps.drop(member);
            }
            gaps.passed(member);
        }
        gaps.end();
        return member.end();
    }

    /** Whether every element of the array at {@code start} is an object with a score. */
    private boolean scoredLabels(int start) {
        JsonCursor element = new JsonCursor(bytes, start);
        while (element.next()) {
            if (bytes[element.value()] != '{' || score(element.value()) < 0) {
                return false;
            }
        }
        return element.index() >= 0;
    }

    /** Keeps the elements with the best scores. */
    private int scored(int start, long active, int level) {
        Ranking own = new Ranking(); // not the shared one: elements may hold lists of their own
        JsonCursor element = new JsonCursor(bytes, start);
        while (element.next()) {
            int score = score(element.value());
            own.add(bytes, score, JsonCursor.skip(bytes, score));
        }
        own.choose(0, own.count(), vectors.shown(own.count()));
        element = new JsonCursor(bytes, start);
        JsonGaps gaps = new JsonGaps(edits);
        while (element.next()) {
            if (own.chosen(element.index())) {
                gaps.keep(element);
                long inner = scores.narrowed(active, level, element);
                element.ended(value(element.value(), Role.PLAIN, inner, level + 1));
            } else {
                gaps.drop(element);
            }
            gaps.passed(element);
        }
        gaps.end();
        return element.end();
    }

    /** Where the single score of the object at {@code start} begins; -1 when it has none. */
    private int score(int start) {
        JsonCursor member = new JsonCursor(bytes, start);
        while (member.next()) {
            if (JsonCursor.number(bytes[member.value()]) && ScoreNames.contains(member)) {
                return member.value();
            }
        }
        return -1;
    }

    /** Whether the member is a number that says how sure the model is: by its name, a pointer, or its fraction. */
    private boolean singleScore(JsonCursor member, long active, int level) {
        return JsonCursor.number(bytes[member.value()])
                && (fraction(member) || scores.ends(active, level) || ScoreNames.contains(member));
    }

    private boolean fraction(JsonCursor number) {
        for (int at = number.value(); at < number.end(); at++) {
            if (bytes[at] == '.' || (bytes[at] | 0x20) == 'e') {
                return true;
            }
        }
        return false;
    }
}
