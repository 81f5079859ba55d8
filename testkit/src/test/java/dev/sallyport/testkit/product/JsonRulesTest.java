package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Schemas, depths and instances of JSON over real sockets: what a model's file says, holds. */
final class JsonRulesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;
    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        Path predict = Files.writeString(directory.resolve("predict.json"), """
                {"type": "object", "required": ["rows"], "additionalProperties": false,
                 "properties": {"rows": {"type": "array", "items": {"$ref": "#/$defs/row"}}},
                 "$defs": {"row": {"type": "array", "items": {"type": "number", "maximum": 100}}}}""");
        upstream = FakeUpstream.start(Behaviour.echoes());
        gateway = TestGateway.start("""
                models:
                  m:
                    url: "%1$s"
                    accepts: application/json
                    json: {depth: 4, strings: 16 B, schema: {path: /predict, file: "%3$s"}}
                    instances: {pointer: /rows, max: 3}
                  unread: {url: "%1$s", accepts: application/json, json: off}
                callers:
                  app: {key: "%2$s", may: ["*"]}
                """.formatted(upstream.url(), key.hash(), predict));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void whatFitsReachesTheModelAsItWasSent() throws Exception {
        String json = "{ \"rows\" : [[1, 2.50], [3e1]] }";

        assertThat(post("/m/predict", json).text()).isEqualTo(json);
        assertThat(post("/m/predict?top=5", json).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "/m/predict | {\"rows\":[[1],[\"2\"]]}       | 400 | schema-violated    | /rows/1/0 |",
        "/m/predict | {\"rows\":[[1],[101]]}         | 400 | schema-violated    | /rows/1/0 |",
        "/m/predict | {\"rows\":[],\"x\":1}          | 400 | schema-violated    | ``        |",
        "/m/other   | {\"rows\":[]}                  | 400 | schema-violated    | ``        |",
        "/m/PREDICT | {\"rows\":[]}                  | 400 | schema-violated    | ``        |",
        "/m/predict | {\"rows\":[[1],[2],[3],[4]]}   | 413 | too-many-instances | /rows     | 3",
        "/m/predict | {\"Rows\":[[1],[2],[3],[4]]}   | 400 | malformed-content  | /rows     |",
        "/m/predict | {\"rows\":[[[[1]]]]}           | 413 | content-too-large  | /rows/0/0/0 | 4",
        "/m/predict | {\"rows\":[\"12345678901234567\"]} | 413 | content-too-large | /rows/0 | 16",
        "/m/predict | {\"rows\":[[1]],\"\\u0072ows\":[]} | 400 | malformed-content | /rows  |",
        "/m/predict | {\"rows\":[[1e999]]}           | 413 | content-too-large  | /rows/0/0 |"})
    void whatDoesNotFitTheModelNeverSees(String path, String json, int status, String code, String pointer,
            @Nullable Long limit) throws Exception {
        RawResponse response = post(path, json);

        JsonNode problem = JSON.readTree(response.text());
        assertThat(response.status()).as(response.text()).isEqualTo(status);
        assertThat(problem.get("code").stringValue()).isEqualTo(code);
        assertThat(problem.get("pointer").stringValue()).isEqualTo(pointer);
        if (limit != null) {
            assertThat(problem.get("limit").longValue()).isEqualTo(limit);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void switchedOffEverythingPassesThatLooksLikeJson() throws Exception {
        assertThat(post("/unread/predict", "{\"a\":1,\"a\":2").status()).isEqualTo(200);
    }

    private RawResponse post(String path, String json) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST " + path + " HTTP/1.1\r\nHost: h\r\nX-Api-Key: " + key.text()
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n");
            client.output().write(body);
            return client.response();
        }
    }
}
