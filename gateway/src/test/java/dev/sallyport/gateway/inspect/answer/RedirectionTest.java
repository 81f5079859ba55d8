package dev.sallyport.gateway.inspect.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Action;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.inspect.answer.AnswerRule.Origin;
import dev.sallyport.gateway.testing.TestingCall;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedirectionTest {
    private final Redirection redirection = new Redirection(
            List.of(new Origin("10.0.0.1:80", false, "/api"), new Origin("ocr.example:443", true, "")));

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.1/api/x/, /m@2/x/", "http://10.0.0.1:80/api/x?a=1#b, /m@2/x?a=1#b", "//10.0.0.1/api/x, /m@2/x",
        "HTTPS://OCR.example/x, /m@2/x", "https://ocr.example:443, /m@2/", "https://ocr.example?a=1, /m@2/?a=1",
        "/api/x, /m@2/x", "/x, /m@2/x", "http://gateway.example:8080/x, /m@2/x", "x/y, x/y", "?a=http://b, ?a=http://b",
        "../x, ../x"})
    void leadsThroughTheGateway(String location, String expected) {
        assertThat(redirection.forClient(call("/m@2/predict", "/predict"), location)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "http://10.0.0.2/api/x", "//evil.example/x", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "http:\\\\evil.example",
        "https://ocr.example:8443/x", "https://ocr.example@evil.example/", "javascript:alert(1)", "data:text/html,x",
        "http:evil.example", "http:/evil.example", "mailto:a@b"})
    void doesNotLeadPastIt(String location) {
        assertThat(redirection.forClient(call("/m@2/predict", "/predict"), location)).isNull();
    }

    @Test
    void knowsWhereTheModelBegins() {
        assertThat(redirection.forClient(call("/m", "/"), "/x")).isEqualTo("/m/x");
        assertThat(redirection.forClient(call("/m/", "/"), "/x")).isEqualTo("/m/x");
        assertThat(redirection.forClient(call("/v1/models/m:predict", "/v1/models/m:predict"), "/v1/models/m"))
                .isEqualTo("/v1/models/m");
    }

    @Test
    void aPathOfTwoSlashesBecomesNoAuthority() {
        assertThat(redirection.forClient(call("/x", "/x"), "http://10.0.0.1//evil.example/"))
                .isEqualTo("/.//evil.example/");
        assertThat(redirection.forClient(call("/x", "/x"), "http://10.0.0.1/api//evil.example"))
                .isEqualTo("/.//evil.example");
    }

    private static Call call(String path, String upstreamPath) {
        Call call = TestingCall.to(path).make();
        call.routed(Resource.model("m", "", null, Map.of()), Action.INVOKE, upstreamPath);
        return call;
    }
}
