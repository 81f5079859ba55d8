package dev.sallyport.app.config;

import dev.sallyport.app.config.Section.Item;
import dev.sallyport.app.config.Section.LaterKey;
import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.Shape;
import dev.sallyport.app.config.Section.TextsKey;
import dev.sallyport.gateway.testing.GeneratedDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page about the configuration is made from the lists of keys. */
class ConfigurationPageTest {
    private static final String HEAD = """
            # Configuration

            <!-- Made from the lists of keys by ConfigurationPageTest: mvn -pl app -am test -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dsallyport.documents=write -->

            `sallyport.yaml` is one YAML 1.2 document, read strictly: an unknown key, an unknown word or a value without its unit refuses
            to start, with file, line and what was probably meant. Paths of files are relative to the directory of the configuration.
            Names that you choose (`NAME`, `VERSION`) are up to 64 letters, digits, `-`, `_` and `.`, beginning with a letter or digit.

            `./sallyport schema` prints this page as JSON Schema (2020-12); [a copy](sallyport.schema.json) lies here. An editor that knows
            YAML completes and checks the file when its first line is `# yaml-language-server: $schema=sallyport.schema.json`.
            `./sallyport check` sees more than a schema can: see [what it finds](check.md).
            """;

    @Test
    void everyKeyStandsOnItsPage() throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        Map<String, Section> sections = new LinkedHashMap<>();
        collect(RootKeys.SECTION, sections);
        sections.values().forEach(section -> append(section, page));
        GeneratedDocument.at("docs/reference/configuration.md").verify(page.toString());
    }

    private static void collect(Section section, Map<String, Section> sections) {
        if (sections.putIfAbsent(section.place(), section) == null) {
            for (Item item : section.items()) {
                if (item instanceof SectionKey below) {
                    collect(below.section(), sections);
                }
            }
        }
    }

    private static void append(Section section, StringBuilder page) {
        page.append("\n## ").append(section.place().isEmpty() ? "The file" : section.place()).append("\n\n");
        List<String> later = new ArrayList<>();
        page.append("| key | value | default | meaning |\n|---|---|---|---|\n");
        for (Item item : section.items()) {
            switch (item) {
                case Key<?> key -> row(page, key.name(), value(key), fallback(key), key.meaning());
                case SectionKey below -> row(page, below.name(), value(below), "", below.meaning());
                case TextsKey texts -> row(page, texts.name(), "a map from names to texts of up to 256 characters", "",
                        texts.meaning());
                case LaterKey known -> later.add("`" + known.name() + "`");
            }
        }
        if (!later.isEmpty()) {
            page.append("\nNot in this version, and refused as such: ").append(String.join(", ", later)).append(".\n");
        }
    }

    private static void row(StringBuilder page, String name, String value, String fallback, String meaning) {
        page.append("| `").append(name).append("` | ").append(cell(value)).append(" | ").append(cell(fallback))
                .append(" | ").append(cell(meaning)).append(" |\n");
    }

    private static String value(Key<?> key) {
        return key.notation().name() + (key.several() ? "; or a list of such" : "");
    }

    private static String fallback(Key<?> key) {
        return key.fallback() == null ? "" : "`" + key.fallback() + "`";
    }

    private static String value(SectionKey key) {
        String place = key.section().place();
        String link = "[" + place + "](#" + place.toLowerCase(Locale.ROOT).replace(".", "") + ")";
        return switch (key.shape()) {
            case Shape.One() -> "a map: " + link;
            case Shape.Several() -> "a map, or a list of maps: " + link;
            case Shape.Shorthand(Key<?> shorthand) -> shorthand.notation().name() + ", as short form of a map with `"
                    + shorthand.name() + "`; or a map, or a list of both: " + link;
            case Shape.OneOrValue(Key<?> shorthand) -> shorthand.notation().name() + ", as short form of a map with `"
                    + shorthand.name() + "`; or a map: " + link;
            case Shape.Named() -> "a map from names to maps: " + link;
        };
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
