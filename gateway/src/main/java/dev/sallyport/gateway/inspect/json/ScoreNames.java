package dev.sallyport.gateway.inspect.json;

import java.util.Locale;
import java.util.Set;

/** The names under which models commonly answer how sure they are; letter case does not count. */
final class ScoreNames {
    private static final Set<String> SCORES = Set.of(
            "score", "scores", "probability", "probabilities", "prob", "probs", "proba", "confidence", "confidences",
            "logit", "logits", "softmax", "likelihood", "likelihoods", "logprob", "logprobs", "class_probabilities",
            "class_scores", "distribution");
    private static final int LENGTH_MAX = 128;

    private ScoreNames() {}

    static boolean contains(JsonCursor member) {
        return member.nameEnd() - member.nameStart() <= LENGTH_MAX
                && SCORES.contains(member.name().toLowerCase(Locale.ROOT));
    }
}
