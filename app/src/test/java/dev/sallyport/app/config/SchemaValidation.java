package dev.sallyport.app.config;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/** A validator that somebody else wrote, with the schema of the configuration. */
final class SchemaValidation {
    private static final Schema SCHEMA =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(JsonSchema.text());

    private SchemaValidation() {}

    /** What the schema refuses in the YAML text. */
    static List<String> complaints(String yaml) {
        return SCHEMA.validate(yaml, InputFormat.YAML).stream().map(Object::toString).toList();
    }
}
