package dev.sallyport.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.config.Section.Item;
import dev.sallyport.app.config.Section.SectionKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A key that lets something pass is a way past a control, and {@code check} must list it. */
class SwitchesTest {
    private static final Set<String> LENIENT = Set.of("allowed", "passed", "off", "none");

    /** What {@code check} says when the key lets something pass. */
    private static final Map<String, FindingCode> LISTED = Map.of(
            "plain-text", FindingCode.UNENCRYPTED_CLIENTS,
            "listen.plain-text", FindingCode.UNENCRYPTED_CLIENTS,
            "admin.plain-text", FindingCode.ADMIN_EXPOSED,
            "models.NAME.images.inspect", FindingCode.PICTURES_UNREAD,
            "models.NAME.json.inspect", FindingCode.JSON_UNREAD,
            "models.NAME.multipart.inspect", FindingCode.FORMS_UNREAD,
            "models.NAME.answer.cookies", FindingCode.COOKIES_PASS,
            "models.NAME.answer.errors", FindingCode.ERRORS_PASS,
            "models.NAME.answer.unreadable", FindingCode.UNREADABLE_ANSWERS_PASS);

    @Test
    void everyChoiceThatLetsSomethingPassIsListedByCheck() {
        Set<String> lenient = new TreeSet<>();
        collect(RootKeys.SECTION, lenient);
        assertThat(lenient).as("whoever adds a key extends SkippedControls, and this list")
                .containsExactlyInAnyOrderElementsOf(LISTED.keySet());
        assertThat(LISTED.values()).allMatch(code -> code.severity() == Severity.SKIP);
    }

    private static void collect(Section section, Set<String> lenient) {
        for (Item item : section.items()) {
            if (item instanceof SectionKey below) {
                collect(below.section(), lenient);
            } else if (item instanceof Key<?> key
                    && key.notation().schema().keywords().get("enum") instanceof List<?> words
                    && words.stream().anyMatch(LENIENT::contains)) {
                lenient.add(section.place().isEmpty() ? key.name() : section.place() + "." + key.name());
            }
        }
    }
}
