package dev.sallyport.app.schema;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.inspect.json.JsonSchema;

/** What became of the file of a schema. */
public sealed interface SchemaOutcome {
    record Compiled(JsonSchema schema) implements SchemaOutcome {
        public Compiled {
            requireNonNull(schema, "schema is null");
        }
    }

    /** @param what one clause without its full stop, with the line or the JSON Pointer of the fault in the file */
    record Faulty(String what) implements SchemaOutcome {
        public Faulty {
            requireNonNull(what, "what is null");
        }
    }
}
