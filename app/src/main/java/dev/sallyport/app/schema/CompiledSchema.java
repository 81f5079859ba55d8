package dev.sallyport.app.schema;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.ValidationLimitExceededException;
import dev.sallyport.gateway.inspect.json.JsonDefect;
import dev.sallyport.gateway.inspect.json.JsonDefect.Reason;
import dev.sallyport.gateway.inspect.json.JsonLimits;
import dev.sallyport.gateway.inspect.json.JsonSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A schema with a bound on its work: one that branches over and over is given up, and the text with it. */
final class CompiledSchema implements JsonSchema {
    private static final long STEPS_MAX = 2_000_000;
    private static final int DEPTH_MAX = 300;
    private static final ExecutionConfig EXECUTION = ExecutionConfig.builder()
            .failFast(true)
            .formatAssertionsEnabled(false)
            .maxEvaluationSteps(STEPS_MAX)
            .maxEvaluationDepth(DEPTH_MAX)
            .build();

    /** The scanner has seen the text and held its limits, so that the parser needs none of its own. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonLimits.DEPTH_MOST).maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE).maxNumberLength(Integer.MAX_VALUE).build())
            .build()).build();

    private final Schema schema;

    CompiledSchema(Schema schema) {
        this.schema = schema;
    }

    @Override
    public @Nullable JsonDefect violation(byte[] text, int length) {
        JsonNode content = MAPPER.readTree(text, 0, length);
        try {
            List<Error> errors =
                    schema.validate(new ExecutionContext(EXECUTION), content, OutputFormat.DEFAULT);
            return errors.isEmpty() ? null : defect(errors.getFirst());
        } catch (ValidationLimitExceededException e) {
            return new JsonDefect(Reason.SCHEMA_VIOLATED, "takes too many steps to compare with the schema", "", -1);
        }
    }

    /** Names the keyword and never the value: the schema is the operator's, and the value may be a secret of the caller's. */
    private static JsonDefect defect(Error error) {
        String pointer = error.getInstanceLocation().toString();
        String keyword = error.getKeyword();
        return new JsonDefect(
                Reason.SCHEMA_VIOLATED, "does not satisfy `" + keyword + "` of the schema", shortened(pointer), -1);
    }

    private static String shortened(String pointer) {
        return pointer.length() <= 512 ? pointer : pointer.substring(0, 512) + "…";
    }
}
