package dev.sallyport.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.demo.DigitClassifierTest.Example;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class DigitServerTest {
    private final DigitClassifier classifier = DigitClassifier.load();
    private final HttpClient client = HttpClient.newHttpClient();
    private DigitServer server;

    @BeforeEach
    void start() throws IOException {
        server = DigitServer.start(classifier);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void answersWhatTheClassifierSays() throws Exception {
        for (Example example : Example.unseen().subList(0, 10)) {
            HttpResponse<String> response = predict("{\"pixels\":" + Arrays.toString(example.pixels()) + "}");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
            JsonNode body = JsonMapper.shared().readTree(response.body());
            DigitClassifier.Prediction prediction = classifier.classify(example.pixels());
            assertThat(body.path("digit").intValue()).isEqualTo(prediction.digit());
            assertThat(body.path("scores").valueStream().mapToDouble(JsonNode::doubleValue))
                    .containsExactly(Arrays.stream(prediction.scores()).boxed().toArray(Double[]::new));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "[", "null", "7", "{}", "{\"pixels\": 1}", "{\"pixels\": []}", "{\"pixels\": [1, 2]}",
                "{\"pixels\": [\"1\"]}", "{\"pixels\": [null]}"
            })
    void refusesWhatIsNotAPictureWith400(String body) throws Exception {
        HttpResponse<String> response = predict(body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JsonMapper.shared().readTree(response.body()).path("error").stringValue()).isNotBlank();
    }

    @Test
    void namesThePixelThatIsOutOfRange() throws Exception {
        HttpResponse<String> response =
                predict("{\"pixels\":" + Collections.nCopies(64, 17) + "}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("pixel 0 is 17.0; it must be from 0 to 16");
    }

    @Test
    void readsABodyUpToItsLimitAndRefusesOneByteMore() throws Exception {
        String picture = "{\"pixels\":" + Collections.nCopies(64, 0) + "}";

        assertThat(predict(picture + " ".repeat(4096 - picture.length())).statusCode()).isEqualTo(200);
        assertThat(predict(picture + " ".repeat(4097 - picture.length())).statusCode()).isEqualTo(413);
    }

    @Test
    void answersOnlyItsTwoPathsAndTheirMethods() throws Exception {
        assertThat(send(HttpRequest.newBuilder().uri(at("/healthz"))).statusCode()).isEqualTo(200);
        assertThat(send(HttpRequest.newBuilder().uri(at("/predict"))).statusCode()).isEqualTo(405);
        assertThat(send(HttpRequest.newBuilder().uri(at("/predict/more"))).statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> predict(String body) throws Exception {
        return send(HttpRequest.newBuilder().uri(at("/predict")).POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private URI at(String path) {
        return URI.create(server.url() + path);
    }
}
