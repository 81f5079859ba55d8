package dev.sallyport.app.config;

import dev.sallyport.app.schema.SchemaCompiler;
import dev.sallyport.app.schema.SchemaOutcome;
import dev.sallyport.gateway.inspect.json.InstanceRule;
import dev.sallyport.gateway.inspect.json.JsonLimits;
import dev.sallyport.gateway.inspect.json.JsonRule;
import dev.sallyport.gateway.inspect.json.JsonSchema;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what the JSON in requests to one model may be, and compiles its schemas. */
final class JsonReader {
    private JsonReader() {}

    /** @param given null: nothing is said of JSON. Returns null when it is not to be read. */
    static @Nullable JsonRule read(@Nullable SectionReader given, List<String> accepts, Directory directory) {
        if (given == null) {
            return JsonRule.DEFAULTS;
        }
        JsonLimits limits = JsonLimits.DEFAULTS.withDepth(given.value(JsonKeys.DEPTH));
        Long strings = given.optional(JsonKeys.STRINGS);
        if (strings != null && strings == 0) {
            given.error(JsonKeys.STRINGS, "no string could be sent; write at least `1 B`");
        } else if (strings != null) {
            limits = limits.withStringBytes(strings);
        }
        Map<String, JsonSchema> schemas = schemas(given, directory);
        if (!schemas.isEmpty() && accepts.stream().noneMatch(JsonReader::mayBeJson)) {
            given.error(JsonKeys.SCHEMA,
                    "the model's `accepts` names no JSON type, so nothing would be compared with it;"
                            + " write for example `accepts: application/json`");
        }
        return given.value(JsonKeys.INSPECT) ? new JsonRule(limits, InstanceRule.DEFAULTS, schemas) : null;
    }

    private static boolean mayBeJson(String type) {
        return type.equals("application/json") || type.endsWith("+json") || type.equals("application/*")
                || type.equals("*/*");
    }

    private static Map<String, JsonSchema> schemas(SectionReader given, Directory directory) {
        if (given.has(JsonKeys.SCHEMA) && !given.value(JsonKeys.INSPECT)) {
            given.error(JsonKeys.SCHEMA, "JSON is not read, so nothing would be compared with it; remove one of them");
        }
        if (given.emptyList(JsonKeys.SCHEMA)) {
            given.error(JsonKeys.SCHEMA, "the list is empty; remove it to accept any sound JSON");
        }
        Map<String, JsonSchema> schemas = new HashMap<>();
        for (SectionReader each : given.sections(JsonKeys.SCHEMA)) {
            String named = each.optional(JsonKeys.SCHEMA_PATH);
            String path = named == null ? JsonRule.OTHER_PATHS : named;
            JsonSchema schema = schema(each, directory);
            if (schema != null && schemas.put(path, schema) != null) {
                each.error(each.position(), each.path() + ": there is another schema for "
                        + (named == null ? "all other paths" : "this path") + "; keep one of them");
            }
        }
        return schemas;
    }

    private static @Nullable JsonSchema schema(SectionReader given, Directory directory) {
        if (!given.has(JsonKeys.SCHEMA_FILE)) {
            if (!given.broken()) {
                given.error(given.position(),
                        given.path() + " names no `file`; write for example `schema: predict.json`");
            }
            return null;
        }
        Path file = directory.readable(given, JsonKeys.SCHEMA_FILE);
        if (file == null) {
            return null;
        }
        return switch (SchemaCompiler.compile(file)) {
            case SchemaOutcome.Compiled(JsonSchema schema) -> schema;
            case SchemaOutcome.Faulty(String what) -> {
                given.error(FindingCode.SCHEMA_UNUSABLE, given.position(JsonKeys.SCHEMA_FILE), given.path()
                        + ": the schema " + Shown.quoted(String.valueOf(file.getFileName())) + " cannot be used: "
                        + what);
                yield null;
            }
        };
    }
}
