package dev.sallyport.app.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.PathType;
import com.networknt.schema.regex.RegularExpression;
import dev.sallyport.app.schema.SchemaOutcome.Compiled;
import dev.sallyport.app.schema.SchemaOutcome.Faulty;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compiles a JSON Schema (draft 2020-12) from one file. What the file does not hold is never fetched, patterns are matched in
 * linear time (RE2's syntax: no look-around, no back-references), and {@code format} is a remark, as the draft has it.
 */
public final class SchemaCompiler {
    private static final int BYTES_MAX = 1 << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private SchemaCompiler() {}

    public static SchemaOutcome compile(Path file) {
        byte[] text;
        try (InputStream in = Files.newInputStream(file)) {
            text = in.readNBytes(BYTES_MAX + 1);
        } catch (IOException e) {
            return new Faulty("it cannot be read");
        }
        return text.length > BYTES_MAX ? new Faulty("it is longer than " + BYTES_MAX + " bytes") : compile(text);
    }

    static SchemaOutcome compile(byte[] text) {
        JsonNode schema;
        try {
            schema = MAPPER.readTree(text);
        } catch (JacksonException e) {
            TokenStreamLocation place = e.getLocation();
            return new Faulty("it is not JSON" + (place == null ? "" : ", in line " + place.getLineNr() + ": ")
                    + e.getOriginalMessage());
        }
        String fault = SchemaFaults.fault(schema);
        if (fault == null) {
            fault = metaFault(schema);
        }
        return fault != null ? new Faulty(fault) : compiled(schema);
    }

    private static SchemaOutcome compiled(JsonNode node) {
        try {
            Schema schema = registry().getSchema(SchemaLocation.DOCUMENT, node);
            return new Compiled(new CompiledSchema(schema));
        } catch (SchemaException | PatternSyntaxException e) {
            return new Faulty(String.valueOf(e.getMessage()).lines().findFirst().orElse("it cannot be compiled"));
        }
    }

    /** Where the schema breaks the rules for schemas; null when it keeps them. */
    private static @Nullable String metaFault(JsonNode node) {
        Schema meta = registry().getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
        List<Error> errors = meta.validate(node);
        if (errors.isEmpty()) {
            return null;
        }
        Error first = errors.getFirst();
        return "at " + place(first.getInstanceLocation().toString()) + " it is no valid schema: "
                + first.getMessage();
    }

    static String place(String pointer) {
        return pointer.isEmpty() ? "its root" : pointer;
    }

    private static SchemaRegistry registry() {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .regularExpressionFactory(SchemaCompiler::linear)
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ROOT)
                .failFast(true)
                .preloadSchema(true)
                .build();
        return SchemaRegistry.withDialect(
                Dialect.builder(Dialects.getDraft202012()).keyword(new DistinctItems()).build(),
                builder -> builder.schemaRegistryConfig(config)
                        .schemaLoader(loader -> loader.fetchRemoteResources(false)));
    }

    /** A pattern whose time grows with the text's length alone, whatever the pattern. */
    private static RegularExpression linear(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return text -> compiled.matcher(text).find();
    }
}
