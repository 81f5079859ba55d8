package dev.sallyport.gateway.inspect.json;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What the JSON in requests to one model may be.
 *
 * @param schemas by path of the request to the model; {@link #OTHER_PATHS} stands for all other paths. Empty: any sound
 *                JSON; otherwise a path without a schema is refused
 */
public record JsonRule(JsonLimits limits, InstanceRule instances, Map<String, JsonSchema> schemas) {
    public static final String OTHER_PATHS = "*";
    public static final JsonRule DEFAULTS = new JsonRule(JsonLimits.DEFAULTS, InstanceRule.DEFAULTS, Map.of());

    public JsonRule {
        requireNonNull(limits, "limits is null");
        requireNonNull(instances, "instances is null");
        schemas = Map.copyOf(schemas);
    }

    public JsonRule withInstances(InstanceRule rule) {
        return new JsonRule(limits, rule, schemas);
    }
}
