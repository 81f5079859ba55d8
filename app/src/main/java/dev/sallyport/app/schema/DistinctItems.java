package dev.sallyport.app.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.BaseKeywordValidator;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The keyword {@code uniqueItems}, by texts instead of nodes: nodes have no order, so a table of those whose hashes an attacker made
 * equal takes time that grows with the square of their number. Texts in such a table are searched in order.
 */
final class DistinctItems extends AbstractKeyword {
    DistinctItems() {
        super("uniqueItems");
    }

    @Override
    public KeywordValidator newValidator(SchemaLocation location, JsonNode value, Schema parent,
            SchemaContext context) {
        return new Validator(this, location, value, parent, context);
    }

    private static final class Validator extends BaseKeywordValidator {
        private final boolean distinct;

        Validator(DistinctItems keyword, SchemaLocation location, JsonNode value, Schema parent,
                SchemaContext context) {
            super(keyword, value, location, parent, context);
            distinct = value.isBoolean() && value.booleanValue();
        }

        @Override
        public void validate(ExecutionContext execution, JsonNode node, JsonNode root, NodePath place) {
            if (!distinct || !node.isArray()) {
                return;
            }
            Set<String> seen = new HashSet<>();
            for (JsonNode item : node) {
                if (!seen.add(form(item))) {
                    execution.addError(error().instanceNode(node).instanceLocation(place)
                            .evaluationPath(execution.getEvaluationPath())
                            .locale(execution.getExecutionConfig().getLocale()).build());
                    return;
                }
            }
        }
    }

    private static String form(JsonNode value) {
        StringBuilder form = new StringBuilder();
        write(value, form);
        return form.toString();
    }

    /** Equal values have equal forms: members in order, numbers without zeros that say nothing, strings with their length. */
    private static void write(JsonNode value, StringBuilder form) {
        if (value.isObject()) {
            form.append('{');
            Map<String, JsonNode> members = new TreeMap<>();
            value.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
            members.forEach((name, below) -> {
                form.append(name.length()).append('"').append(name);
                write(below, form);
            });
            form.append('}');
        } else if (value.isArray()) {
            form.append('[');
            for (JsonNode item : value) {
                write(item, form);
            }
            form.append(']');
        } else if (value.isNumber()) {
            form.append('#').append(value.decimalValue().stripTrailingZeros()).append(';');
        } else if (value.isString()) {
            form.append(value.stringValue().length()).append('"').append(value.stringValue());
        } else {
            form.append(value.asString("null")).append(';');
        }
    }
}
