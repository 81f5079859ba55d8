package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.Eventually;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a refused caller reads, to the byte. */
final class RefusalTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final TestKey key = TestKey.make();
    private final TestKey limited = TestKey.make();
    private final TestKey single = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "hello"));
        gateway = TestGateway.start("""
                models:
                  resnet: {url: "%1$s", body: 1 KiB, accepts: [image/png, text/plain]}
                  secret: {url: "%1$s"}
                callers:
                  app: {key: "%2$s", may: [resnet]}
                  limited: {key: "%3$s", may: [resnet], limit: 1/min}
                  single: {key: "%4$s", may: [resnet], concurrency: 1}
                """.formatted(upstream.url(), key.hash(), limited.hash(), single.hash()));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void withoutACredentialEverythingIs401() throws Exception {
        for (String path : new String[]{"/resnet/predict", "/secret/predict", "/nothing/predict", "/"}) {
            RawResponse response = get(path, null);
            assertProblem(response, 401, "credential-missing");
            assertThat(response.field("www-authenticate")).startsWith("Bearer");
        }
    }

    @Test
    void aWrongCredentialIs401() throws Exception {
        assertProblem(get("/resnet/predict", "Bearer " + TestKey.make().text()), 401, "credential-invalid");
        assertProblem(get("/resnet/predict", key.bearer() + "x"), 401, "credential-invalid");
    }

    @Test
    void whatDoesNotExistAndWhatIsForbiddenAnswerAlike() throws Exception {
        RawResponse forbidden = get("/secret/predict", key.bearer());
        RawResponse unknown = get("/nothing/predict", key.bearer());

        assertProblem(forbidden, 403, "not-permitted");
        assertThat(withoutCallId(forbidden)).isEqualTo(withoutCallId(unknown));
        assertThat(JSON.readTree(forbidden.body()).get("may")).extracting(JsonNode::stringValue)
                .containsExactly("resnet");
    }

    @Test
    void theAnswerIsExactlyThis() throws Exception {
        RawResponse response = get("/secret/predict", key.bearer());
        String call = String.valueOf(response.field("sallyport-call"));

        JsonNode problem = JSON.readTree(response.body());

        assertThat(problem.propertyNames()).containsExactly("type", "title", "status", "detail", "code", "call",
                "remedy", "may");
        assertThat(problem.get("type").stringValue()).isEqualTo("urn:sallyport:refusal:not-permitted");
        assertThat(problem.get("title").stringValue()).isEqualTo("The call is not permitted");
        assertThat(problem.get("call").stringValue()).isEqualTo(call).matches("[0-9A-HJKMNP-TV-Z]{26}");
        assertThat(problem.get("remedy").stringValue()).contains("may");
    }

    @Test
    void aBodyBeyondTheLimitIs413AndOneAtTheLimitPasses() throws Exception {
        assertThat(post(1_024, "text/plain").status()).isEqualTo(200);
        assertProblem(post(1_025, "text/plain"), 413, "body-too-large");
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(head("POST", "/resnet/predict", key.bearer())
                    + "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("401\r\n" + "x".repeat(1_025) + "\r\n0\r\n\r\n");
            assertProblem(client.response(), 413, "body-too-large");
        }
    }

    @Test
    void aMediaTypeThatIsNotAcceptedIs415() throws Exception {
        assertProblem(post(10, "image/gif"), 415, "media-type-not-accepted");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void aCallerThatIsTooFastGets429AndIsToldWhenToComeBack() throws Exception {
        RawResponse first = get("/resnet/predict", limited.bearer());
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.field("ratelimit")).isNotNull();
        assertThat(first.field("ratelimit-policy")).isNotNull();

        RawResponse second = get("/resnet/predict", limited.bearer());

        assertProblem(second, 429, "rate-limited");
        assertThat(Integer.parseInt(String.valueOf(second.field("retry-after")))).isBetween(1, 60);
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void aCallerWithTooManyCallsAtOnceGets429AndIsLetInAgainAfterwards() throws Exception {
        upstream.behave(Behaviour.neverAnswers());
        try (RawClient busy = RawClient.connect(gateway.port())) {
            busy.send(head("GET", "/resnet/predict", single.bearer()) + "\r\n");
            upstream.awaitRequest();

            assertProblem(get("/resnet/predict", single.bearer()), 429, "concurrency-limited");
        }
        upstream.behave(Behaviour.answers(200, "text/plain", "hello"));
        Eventually.assertEventually(
                () -> assertThat(get("/resnet/predict", single.bearer()).status()).isEqualTo(200));
    }

    @Test
    void aHeadRequestIsRefusedWithTheSameHeadAndNoBody() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("HEAD /resnet/predict HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
            RawResponse head = client.head();
            assertThat(head.status()).isEqualTo(401);
            assertThat(head.field("content-type")).isEqualTo("application/problem+json");
            assertThat(client.drain()).isZero();
        }
    }

    private RawResponse get(String path, @Nullable String credential) throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.send(head("GET", path, credential) + "\r\n").response();
        }
    }

    private RawResponse post(int bytes, String mediaType) throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(head("POST", "/resnet/predict", key.bearer()) + "Content-Type: " + mediaType
                    + "\r\nContent-Length: " + bytes + "\r\n\r\n");
            client.send("x".repeat(bytes));
            return client.response();
        }
    }

    private static String head(String method, String path, @Nullable String credential) {
        return method + " " + path + " HTTP/1.1\r\nHost: a.example\r\n"
                + (credential == null ? "" : "Authorization: " + credential + "\r\n");
    }

    private static void assertProblem(RawResponse response, int status, String code) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.field("content-type")).isEqualTo("application/problem+json");
        JsonNode problem = JSON.readTree(response.body());
        assertThat(problem.get("code").stringValue()).isEqualTo(code);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("call").stringValue()).isEqualTo(response.field("sallyport-call"));
        assertThat(problem.get("detail").stringValue()).isNotBlank();
        assertThat(problem.get("remedy").stringValue()).isNotBlank();
    }

    private static String withoutCallId(RawResponse response) {
        String call = String.valueOf(response.field("sallyport-call"));
        return (response.fields() + "\n" + response.text()).replace(call, "CALL")
                .replaceAll("Field\\[name=date, value=[^]]*]", "DATE");
    }
}
