package dev.sallyport.app.config;

import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.inspect.json.Reveal;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads how much of an answer each cohort may see, and holds that nobody who is trusted less sees more. */
final class RevealReader {
    private final SectionReader given;
    private final Map<Cohort, Reveal> reveals = new EnumMap<>(Cohort.class);

    private RevealReader(SectionReader given) {
        this.given = given;
    }

    /** @param given null: everybody sees everything */
    static Map<Cohort, Reveal> read(@Nullable SectionReader given) {
        return given == null ? Map.of() : new RevealReader(given).read();
    }

    private Map<Cohort, Reveal> read() {
        Cohort trustedMore = null;
        for (var entry : RevealKeys.COHORTS.entrySet()) {
            Cohort cohort = entry.getKey();
            Reveal above = trustedMore == null ? null : reveals.get(trustedMore);
            SectionReader section = given.section(entry.getValue());
            Reveal own = section == null ? null : reveal(section);
            if (own != null && above != null && trustedMore != null) {
                compare(section, cohort, own, trustedMore, above);
            }
            Reveal effective = own == null ? above : own;
            if (effective != null) {
                reveals.put(cohort, effective);
            }
            trustedMore = cohort;
        }
        if (reveals.isEmpty() && !given.broken()) {
            given.error(given.position(),
                    given.path() + " names no cohort, so everything is shown to everybody; write for"
                            + " example `public: {label-only: true}`, or remove it");
        }
        return Map.copyOf(reveals);
    }

    private static @Nullable Reveal reveal(SectionReader section) {
        boolean labelOnly = section.value(RevealKeys.LABEL_ONLY);
        Integer top = section.optional(RevealKeys.TOP);
        Integer digits = section.optional(RevealKeys.DIGITS);
        if (labelOnly && top != null) {
            section.error(RevealKeys.TOP, "`label-only` shows no scores at all; keep one of them");
        }
        try {
            Reveal reveal = new Reveal(labelOnly, top == null ? 0 : top, digits == null ? -1 : digits,
                    section.values(RevealKeys.REMOVE), section.values(RevealKeys.SCORES));
            if (!section.broken() && !labelOnly && top == null && digits == null && reveal.remove().isEmpty()) {
                section.error(section.position(), section.path()
                        + " hides nothing; write for example `{top: 3, digits: 2}`, or remove it");
            }
            return reveal;
        } catch (IllegalArgumentException wrong) {
            section.error(section.position(), section.path() + ": " + wrong.getMessage());
            return null;
        }
    }

    private static void compare(@Nullable SectionReader section, Cohort cohort, Reveal own, Cohort trustedMore,
            Reveal above) {
        String more = more(own, above);
        if (section != null && more != null) {
            section.error(section.position(), section.path() + " shows more than `" + trustedMore.text()
                    + "` may see, which is trusted more than `" + cohort.text() + "`: " + more);
        }
    }

    /** What {@code own} shows that {@code above} does not; null when nothing. */
    private static @Nullable String more(Reveal own, Reveal above) {
        if (above.labelOnly() && !own.labelOnly()) {
            return "set `label-only: true` here too";
        }
        if (above.top() > 0 && !own.labelOnly() && (own.top() == 0 || own.top() > above.top())) {
            return "set `top` to " + above.top() + " or less";
        }
        if (above.digits() >= 0 && !own.labelOnly() && (own.digits() < 0 || own.digits() > above.digits())) {
            return "set `digits` to " + above.digits() + " or less";
        }
        return own.remove().containsAll(above.remove()) ? null
                : "`remove` here too what is removed there: " + String.join(", ", above.remove());
    }
}
