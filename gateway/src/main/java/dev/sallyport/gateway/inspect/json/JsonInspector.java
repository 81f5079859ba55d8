package dev.sallyport.gateway.inspect.json;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.inspect.json.JsonDefect.Reason;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Looks at the JSON of requests to one model: whether it is sound, how many instances it asks for, whether it fits the schema. May be used by any thread. */
public final class JsonInspector {
    private final JsonRule rule;

    private JsonInspector(JsonRule rule) {
        this.rule = requireNonNull(rule, "rule is null");
    }

    public static JsonInspector of(JsonRule rule) {
        return new JsonInspector(rule);
    }

    /** Whether a request is compared with a schema, which takes longer than the rest. */
    public boolean hasSchema() {
        return !rule.schemas().isEmpty();
    }

    /**
     * Looks at the readable bytes of {@code content}, whose indices and count stay as they are.
     *
     * @param path of the request to the model, without its query
     */
    public JsonOutcome inspect(String path, ByteBuf content) {
        JsonScanner scanner = JsonScanner.ofThisThread();
        JsonOutcome found = scanner.load(content, rule.limits());
        if (found instanceof JsonOutcome.Sound) {
            found = Instances.count(scanner, rule.instances());
            if (found instanceof JsonOutcome.Sound && hasSchema()) {
                JsonDefect violation = violation(path, scanner.text());
                found = violation == null ? found : violation;
            }
        }
        scanner.text().release();
        return found;
    }

    private @Nullable JsonDefect violation(String path, JsonText text) {
        JsonSchema exact = rule.schemas().get(path);
        JsonSchema schema = exact == null ? rule.schemas().get(JsonRule.OTHER_PATHS) : exact;
        return schema == null
                ? new JsonDefect(Reason.SCHEMA_VIOLATED, "has no schema for this path, and so it is not accepted", "",
                        -1)
                : schema.violation(text.bytes(), text.length());
    }
}
