package dev.sallyport.gateway.inspect.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Another reader of JSON, made as strict as ours: what it says is what ours must say. */
final class JsonOracle {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(10_000).maxNumberLength(1_000_000)
                    .maxNameLength(1_000_000).build())
            .build();

    private JsonOracle() {}

    static boolean accepts(byte[] json) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
        } catch (CharacterCodingException e) {
            return false;
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            int depth = 0;
            int roots = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (depth == 0 && ++roots > 1) {
                    return false;
                }
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (hasHalfAPair(parser.getString())) {
                    return false;
                }
            }
            return roots == 1;
        } catch (JacksonException e) {
            return false;
        }
    }

    private static boolean hasHalfAPair(String text) {
        return text.codePoints().anyMatch(point -> point >= 0xd800 && point <= 0xdfff);
    }
}
