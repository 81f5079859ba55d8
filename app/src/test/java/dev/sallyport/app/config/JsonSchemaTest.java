package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.testing.GeneratedDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema of the configuration, judged by a validator that is not ours. */
class JsonSchemaTest {
    /** What only a reader finds: it compares values with each other, with the world outside, or with what YAML has lost. */
    private static final Set<String> BEYOND_A_SCHEMA = Set.of(
            "a tag", "twice", "the same name twice", "dots in the URL", "port 0", "the same place twice",
            "no such default", "no default among several", "a default without versions", "a digest beside versions",
            "TLS without https", "one host, two models", "a part longer than the whole",
            "a check longer than its interval", "body: 1025 GiB", "a key with two callers", "a date that is none",
            "two anonymous callers", "an anonymous partner", "no such model", "no such version",
            "plain text off loopback", "the same address twice", "admin on the address of calls",
            "a cohort that is trusted less and sees more", "nothing that is revealed", "admin off loopback",
            "a PROXY protocol that nobody may speak");

    @TempDir
    Path directory;

    @Test
    void theShippedCopyIsWhatTheListsOfKeysMake() throws IOException {
        GeneratedDocument.at("docs/reference/sallyport.schema.json").verify(JsonSchema.text());
    }

    @Test
    void findsTheExamplesAndThePages() throws IOException {
        assertThat(ConfigurationTexts.all()).extracting(ConfigurationTexts.Shown::origin)
                .contains("examples/j1-image-model/sallyport.yaml")
                .anyMatch(origin -> origin.startsWith("README.md:"));
    }

    @Test
    void theSchemaThatAFileNamesToEditorsIsThere() throws IOException {
        Pattern named = Pattern.compile("(?m)^# yaml-language-server: \\$schema=(.+)$");
        Path root = requireNonNull(Path.of("").toAbsolutePath().getParent());
        List<Path> schemas = new ArrayList<>();
        for (ConfigurationTexts.Shown shown : ConfigurationTexts.all()) {
            named.matcher(shown.text()).results().filter(found -> shown.origin().startsWith("examples/"))
                    .forEach(found -> schemas
                            .add(root.resolve(shown.origin()).resolveSibling(found.group(1)).normalize()));
        }
        assertThat(schemas).isNotEmpty().containsOnly(root.resolve("docs/reference/sallyport.schema.json"));
        assertThat(schemas.getFirst()).exists();
    }

    static List<ConfigurationTexts.Shown> texts() throws IOException {
        return ConfigurationTexts.all();
    }

    @ParameterizedTest
    @MethodSource("texts")
    void everyConfigurationInTheRepositoryIsAcceptedByReaderAndSchema(ConfigurationTexts.Shown shown)
            throws IOException {
        assertThat(SchemaValidation.complaints(shown.text())).isEmpty();
        assertThat(shown.load(directory)).isInstanceOf(Configuration.class);
    }

    static Stream<ConfigurationErrorsTest.Case> mistakes() {
        return Stream.of(ConfigurationErrorsTest.syntax(), ConfigurationErrorsTest.keys(),
                ConfigurationErrorsTest.models(), ConfigurationErrorsTest.units(), ConfigurationErrorsTest.callers(),
                ConfigurationErrorsTest.listeners()).flatMap(cases -> cases);
    }

    @Test
    void refusesEveryMistakeThatASchemaCanSee() {
        List<String> accepted = new ArrayList<>();
        mistakes().forEach(mistake -> {
            if (accepts(mistake.file())) {
                accepted.add(mistake.name());
            }
        });
        assertThat(accepted).containsExactlyInAnyOrderElementsOf(BEYOND_A_SCHEMA);
    }

    private static boolean accepts(String yaml) {
        try {
            return SchemaValidation.complaints(yaml).isEmpty();
        } catch (RuntimeException broken) {
            return false; // no YAML
        }
    }
}
