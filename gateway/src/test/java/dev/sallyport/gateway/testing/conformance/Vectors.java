package dev.sallyport.gateway.testing.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Loads conformance cases from the test resources: one JSON object a line. */
public final class Vectors {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Vectors() {}

    /** @param file a name below {@code conformance/http}, such as {@code forwarded.jsonl} */
    public static List<JsonNode> load(String file) {
        try (InputStream in = Vectors.class.getResourceAsStream("/conformance/http/" + file)) {
            if (in == null) {
                throw new IllegalStateException("no such vectors: " + file);
            }
            List<JsonNode> cases = new ArrayList<>();
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                cases.add(JSON.readTree(line));
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
