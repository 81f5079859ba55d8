package dev.sallyport.app.config;

import dev.sallyport.app.config.Section.Item;
import dev.sallyport.app.config.Section.LaterKey;
import dev.sallyport.app.config.Section.Rule;
import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.Shape;
import dev.sallyport.app.config.Section.TextsKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON Schema (2020-12) of the configuration, made from the same lists of keys that the readers use. It is for
 * editors: what it refuses is refused by the readers too, which see more.
 */
public final class JsonSchema {
    private static final String DEFINITIONS = "#/$defs/";
    private static final Map<String, Object> NAMES = Map.of("pattern", "^" + Names.PATTERN + "$");

    private final Map<String, Object> definitions = new LinkedHashMap<>();

    private JsonSchema() {}

    /** The schema, indented, with a line feed at its end. */
    public static String text() {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        Separators separators = Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER);
        return JsonMapper.shared().writer()
                .with(new DefaultPrettyPrinter(separators).withObjectIndenter(indenter).withArrayIndenter(indenter))
                .writeValueAsString(new JsonSchema().root()) + "\n";
    }

    private Map<String, Object> root() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "The configuration of Sallyport");
        root.putAll(section(RootKeys.SECTION));
        root.put("$defs", definitions);
        return root;
    }

    private Map<String, Object> section(Section section) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Item item : section.items()) {
            switch (item) {
                case Key<?> key -> properties.put(key.name(), described(key(key), key.meaning() + " "
                        + sentence(key.notation().name() + (key.several() ? "; or a list of such" : ""))));
                case SectionKey below -> properties.put(below.name(), described(below(below), below.meaning()));
                case TextsKey texts -> properties.put(texts.name(), described(texts(), texts.meaning()));
                case LaterKey _ -> {}
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("additionalProperties", false);
        section.rules().forEach(rule -> state(rule, schema));
        return schema;
    }

    private static void state(Rule rule, Map<String, Object> schema) {
        switch (rule) {
            case Rule.Required(Item key) -> add(schema, "required", key.name());
            case Rule.ExactlyOne(List<Item> keys) ->
                    schema.put("oneOf", keys.stream().map(JsonSchema::chosen).toList());
            case Rule.Together(Item left, Item right) -> {
                Map<String, Object> together =
                        ordered(left.name(), List.of(right.name()), right.name(), List.of(left.name()));
                if (schema.get("dependentRequired") instanceof Map<?, ?> earlier) {
                    earlier.forEach((name, others) -> together.putIfAbsent((String) name, others));
                }
                schema.put("dependentRequired", together);
            }
        }
    }

    private static Map<String, Object> chosen(Item item) {
        Map<String, Object> chosen = new LinkedHashMap<>();
        chosen.put("required", List.of(item.name()));
        if (item instanceof Key<?> key && key.notation().schema().isFlag()) {
            chosen.put("properties", Map.of(key.name(), Map.of("const", true)));
        }
        return chosen;
    }

    private static void add(Map<String, Object> schema, String keyword, String value) {
        List<Object> values = new ArrayList<>();
        if (schema.get(keyword) instanceof List<?> earlier) {
            values.addAll(earlier);
        }
        values.add(value);
        schema.put(keyword, values);
    }

    private static Map<String, Object> key(Key<?> key) {
        Map<String, Object> value = key.notation().schema().inOrder();
        Map<String, Object> schema =
                key.several() ? oneOrSeveral(value, List.of(value), 0) : new LinkedHashMap<>(value);
        String fallback = key.fallback();
        if (fallback != null) {
            schema.put("default", key.notation().schema().json(fallback));
        }
        return schema;
    }

    private Map<String, Object> below(SectionKey key) {
        Map<String, Object> reference = reference(key.section());
        return switch (key.shape()) {
            case Shape.One() -> new LinkedHashMap<>(reference);
            case Shape.Several() -> oneOrSeveral(reference, List.of(reference), 1);
            case Shape.Shorthand(Key<?> shorthand) -> {
                Map<String, Object> value = shorthand.notation().schema().inOrder();
                yield oneOrSeveral(Map.of("anyOf", List.of(value, reference)), List.of(value, reference), 1);
            }
            case Shape.OneOrValue(Key<?> shorthand) ->
                    ordered("anyOf", List.of(shorthand.notation().schema().inOrder(), reference));
            case Shape.Named() -> named(reference);
        };
    }

    /** What stands for itself, or in a list. */
    private static Map<String, Object> oneOrSeveral(Map<String, Object> item, List<Map<String, Object>> single,
            int least) {
        List<Object> choices = new ArrayList<>(single);
        choices.add(least == 0 ? ordered("type", "array", "items", item)
                : ordered("type", "array", "minItems", least, "items", item));
        return ordered("anyOf", choices);
    }

    private Map<String, Object> reference(Section section) {
        if (!definitions.containsKey(section.place())) {
            definitions.put(section.place(), Map.of());
            definitions.put(section.place(), section(section));
        }
        return Map.of("$ref", DEFINITIONS + section.place());
    }

    private static Map<String, Object> texts() {
        return named(Words.LABEL.schema().inOrder());
    }

    private static Map<String, Object> named(Map<String, Object> value) {
        return ordered("type", "object", "propertyNames", NAMES, "additionalProperties", value);
    }

    private static Map<String, Object> described(Map<String, Object> schema, String description) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("description", description);
        described.putAll(schema);
        return described;
    }

    private static String sentence(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1) + ".";
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> ordered = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            ordered.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return ordered;
    }
}
