package dev.sallyport.app.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Finds what would keep a schema from holding: references that lead out of its file or nowhere, and patterns that cannot be matched. */
final class SchemaFaults {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final List<String> REFERENCES = List.of("$ref", "$dynamicRef");
    private static final List<String> ANCHORS = List.of("$anchor", "$dynamicAnchor");
    /** What stands below these is no schema. */
    private static final Set<String> VALUES = Set.of("const", "enum", "default", "examples");

    private record Reference(String pointer, String target) {}

    private final JsonNode root;
    private final List<Reference> references = new ArrayList<>();
    private final Set<String> anchors = new HashSet<>();
    private final List<String> patterns = new ArrayList<>();

    private SchemaFaults(JsonNode root) {
        this.root = root;
    }

    /** What is wrong with the schema's references; null when nothing is. */
    static @Nullable String fault(JsonNode root) {
        if (!root.isObject() && !root.isBoolean()) {
            return "it is neither an object nor `true` nor `false`";
        }
        JsonNode dialect = root.path("$schema");
        if (!dialect.isMissingNode() && !dialect.asString("").equals(DIALECT)) {
            return "at /$schema it is not `" + DIALECT + "`";
        }
        SchemaFaults found = new SchemaFaults(root);
        found.collect(root, "");
        return Stream.concat(found.references.stream().map(found::fault), found.patterns.stream())
                .filter(fault -> !fault.isEmpty()).findFirst().orElse(null);
    }

    private void collect(JsonNode node, String pointer) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), pointer + "/" + i);
            }
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            String below = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
            if (value.isString() && REFERENCES.contains(name)) {
                references.add(new Reference(below, value.stringValue()));
            } else if (value.isString() && ANCHORS.contains(name)) {
                anchors.add(value.stringValue());
            } else if (value.isString() && name.equals("pattern")) {
                pattern(value.stringValue(), below);
            } else if (!VALUES.contains(name)) {
                if (name.equals("patternProperties")) {
                    value.propertyNames().forEach(pattern -> pattern(pattern, below));
                }
                collect(value, below);
            }
        }
    }

    private void pattern(String pattern, String pointer) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            patterns.add("at " + pointer + " there is a pattern that cannot be matched in linear time, or at all: "
                    + e.getDescription());
        }
    }

    private String fault(Reference reference) {
        String target = reference.target();
        String at = "at " + reference.pointer() + " ";
        if (!target.startsWith("#")) {
            return at + "it refers to something outside of the file, which is never fetched; put it into `$defs`";
        }
        String fragment = target.substring(1);
        boolean known = fragment.isEmpty() || anchors.contains(fragment)
                || fragment.startsWith("/") && !root.at(JsonPointer.compile(fragment)).isMissingNode();
        return known ? "" : at + "it refers to what is not there";
    }
}
