package dev.sallyport.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sallyport.app.config.Notation.Malformed;
import dev.sallyport.app.config.Section.Item;
import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.TextsKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** What every notation promises, whoever adds it: its reader and its schema agree, and its examples are valid. */
class NotationTest {
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Set<String> UNITS = Set.of("sha256:", "-", "_", ".", "./sallyport keys new NAME");
    private static final int MUTATIONS = 1_500;

    record Place(String path, Key<?> key) {
        @Override
        public String toString() {
            return path;
        }
    }

    static List<Place> keys() {
        Map<Notation<?>, Place> places = new LinkedHashMap<>();
        collect(RootKeys.SECTION, places, new LinkedHashSet<>());
        return List.copyOf(places.values());
    }

    private static void collect(Section section, Map<Notation<?>, Place> places, Set<String> seen) {
        if (!seen.add(section.place())) {
            return;
        }
        for (Item item : section.items()) {
            String path = section.place().isEmpty() ? item.name() : section.place() + "." + item.name();
            if (item instanceof Key<?> key) {
                places.putIfAbsent(key.notation(), new Place(path, key));
            } else if (item instanceof SectionKey below) {
                collect(below.section(), places, seen);
            } else {
                assertThat(item).isInstanceOfAny(TextsKey.class, Section.LaterKey.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void theSchemaRefusesNothingThatTheReaderAccepts(Place place) {
        Notation<?> notation = place.key().notation();
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(JsonMapper.shared().writeValueAsString(notation.schema().keywords()));
        int accepted = 0;
        for (String text : texts(place)) {
            if (reads(notation, text)) {
                accepted++;
                String json = JsonMapper.shared().writeValueAsString(notation.schema().json(text));
                assertThat(schema.validate(json, InputFormat.JSON)).as(text).isEmpty();
            }
        }
        assertThat(accepted).as("texts that the reader accepts").isPositive();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void saysWhatItLooksLikeWithAnExampleThatIsValid(Place place) {
        Notation<?> notation = place.key().notation();
        assertThat(notation.schema()).as("what editors are told").isNotEqualTo(ValueSchema.anything());
        String fallback = place.key().fallback();
        assertThat(examples(notation).toList()).allSatisfy(example -> assertThat(reads(notation, example)).isTrue());
        assertThat(fallback == null || reads(notation, fallback)).as("the default %s", fallback).isTrue();
    }

    private static Stream<String> examples(Notation<?> notation) {
        return QUOTED.matcher(notation.name()).results().map(found -> found.group(1))
                .filter(example -> !UNITS.contains(example));
    }

    private static boolean reads(Notation<?> notation, String text) {
        try {
            notation.parse(text);
            return true;
        } catch (Malformed malformed) {
            return false;
        }
    }

    /** Everybody's examples and defaults, and this notation's own with letters swapped, doubled, dropped and changed. */
    private static Set<String> texts(Place place) {
        Set<String> texts =
                new LinkedHashSet<>(List.of("a", "A", "0", "1", "007", "-1", "1.5", "true", "null", "*", "/",
                        "sha256:" + "0123456789abcdef".repeat(4), "[::1]:80", "HTTPS://EXAMPLE.org:443/a/", "::/0",
                        "10/s burst 20 per address",
                        "2027-03-01T12:00:00.5+02:00", "1000000000 B", "0 B", "99%", "100 %", "00:00", "x".repeat(64),
                        "x".repeat(300)));
        for (Place other : keys()) {
            examples(other.key().notation()).forEach(texts::add);
            if (other.key().fallback() != null) {
                texts.add(other.key().fallback());
            }
        }
        List<String> own = new ArrayList<>(texts.stream().filter(text -> reads(place.key().notation(), text)).toList());
        SplittableRandom random = new SplittableRandom(place.path().hashCode());
        for (int i = 0; i < MUTATIONS && !own.isEmpty(); i++) {
            String mutated = mutated(own.get(random.nextInt(own.size())), random);
            // No value has blanks at its ends, unless somebody quotes them.
            if (mutated.strip().equals(mutated) && texts.add(mutated) && reads(place.key().notation(), mutated)
                    && own.size() < 500) {
                own.add(mutated);
            }
        }
        return texts;
    }

    private static String mutated(String text, SplittableRandom random) {
        String letters = "aZ09 ./:-_*%+\t,;@[]~é";
        StringBuilder mutated = new StringBuilder(text);
        int at = random.nextInt(text.length() + 1);
        char letter = random.nextBoolean() ? letters.charAt(random.nextInt(letters.length()))
                : text.isEmpty() ? 'x' : text.charAt(random.nextInt(text.length()));
        if (at == text.length() || random.nextInt(3) == 0) {
            return mutated.insert(at, letter).toString();
        }
        return random.nextBoolean() ? mutated.deleteCharAt(at).toString() : replaced(mutated, at, letter);
    }

    private static String replaced(StringBuilder text, int at, char letter) {
        text.setCharAt(at, letter);
        return text.toString();
    }
}
