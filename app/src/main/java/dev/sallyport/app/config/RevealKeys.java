package dev.sallyport.app.config;

import dev.sallyport.app.config.Notation.Malformed;
import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.Shape;
import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.inspect.json.JsonPointer;
import dev.sallyport.gateway.inspect.json.Reveal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The keys for how much of an answer each cohort of callers may see. */
final class RevealKeys {
    private static final Notation<String> POINTER =
            new Notation<>("a JSON Pointer such as `/logits`, or `/outputs/*/raw` with a star for every element",
                    ValueSchema.matching("(/([^/~]|~[01])*)+"), RevealKeys::pointer);

    static final Key<Boolean> LABEL_ONLY = Key.with("label-only", Words.FLAG, "false",
            "Only which label is the best: of each list of scores the greatest becomes 1 and the others 0, and single scores go.");
    static final Key<Integer> TOP = Key.optional("top", Words.number(1, 1_000_000),
            "How many scores of each list are shown; the others become 0, or leave with their labels. Absent: all.");
    static final Key<Integer> DIGITS = Key.optional("digits", Words.number(0, Reveal.DIGITS_MOST),
            "Digits behind the point to which every number is rounded. Absent: as the model gives them.");
    static final Key<String> REMOVE = Key.several("remove", POINTER, "What is taken out.");
    static final Key<String> SCORES = Key.several("scores", POINTER,
            "Where lists of scores are. Absent: they are known by the names and shapes that models commonly use.");

    /** The keys of the cohorts, those first that are trusted most. */
    static final Map<Cohort, SectionKey> COHORTS = cohorts();

    static final SectionKey REVEAL = new SectionKey("reveal", new Shape.One(),
            new Section("models.NAME.answer.reveal", List.copyOf(COHORTS.values())),
            "How much of answers in JSON each cohort of callers may see. A cohort that is absent sees as much as the next one that is trusted more, and everything when there is none.");

    private RevealKeys() {}

    private static Map<Cohort, SectionKey> cohorts() {
        Map<Cohort, SectionKey> keys = new EnumMap<>(Cohort.class);
        Arrays.stream(Cohort.values()).forEach(cohort -> keys.put(cohort, new SectionKey(cohort.text(), new Shape.One(),
                Section.of("models.NAME.answer.reveal." + cohort.text(), LABEL_ONLY, TOP, DIGITS, REMOVE, SCORES),
                "What callers of the cohort `" + cohort.text() + "` may see.")));
        return keys;
    }

    private static String pointer(String text) throws Malformed {
        try {
            JsonPointer.of(text);
        } catch (IllegalArgumentException wrong) {
            throw new Malformed(Shown.quoted(text) + ": " + wrong.getMessage());
        }
        if (text.isEmpty()) {
            throw new Malformed("the whole answer is meant by an empty pointer; name a member, such as `/logits`");
        }
        return text;
    }
}
