package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.Field;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a model answers reaches the client without what only concerns its operator. */
final class AnswerInspectionTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String TRACE =
            "Traceback (most recent call last):\n  File \"/srv/model/serve.py\", line 31, in predict\n"
                    + "    db.connect(password='hunter2hunter2')\nValueError: shapes (3,) and (4,) \u001b[31m not aligned\n";

    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.neverAnswers());
        gateway = gateway("{}");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void whatDescribesTheInsideIsTakenOutHoweverItIsWritten() throws Exception {
        RawResponse response =
                answer("HTTP/1.1 200 OK\r\nsErVeR: uvicorn/0.34\r\nServer: gunicorn\r\nX-Powered-By: Express\r\n"
                        + "Via: 1.1 squid\r\nX-AspNet-Version: 4\r\nX-Runtime: 0.2\r\nX-Process-Time: 0.01\r\nX-Backend-Server: gpu-7\r\n"
                        + "X-Debug-Token: f00\r\nx-envoy-upstream-service-time: 12\r\nServer-Timing: db;dur=53\r\n"
                        + "Alt-Svc: h3=\":8443\"\r\nSallyport-Call: forged\r\nSallyport-Caller: admin\r\n"
                        + "X-Request-Id: 17\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("ok");
        assertThat(response.fields()).extracting(Field::name).map(String::toLowerCase)
                .containsExactlyInAnyOrder("x-request-id", "content-type", "content-length", "sallyport-call");
        assertThat(response.field("sallyport-call")).isNotEqualTo("forged");
    }

    @Test
    void cookiesAreDroppedUnlessTheyAreAllowed() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nSet-Cookie: session=1\r\nset-cookie: b=2\r\nContent-Length: 2\r\n\r\nok";

        assertThat(answer(answer).field("set-cookie")).isNull();
        try (TestGateway allowing = gateway("{cookies: allowed}")) {
            assertThat(call(allowing, get()).fields()).filteredOn(field -> field.name().equalsIgnoreCase("set-cookie"))
                    .hasSize(2);
        }
    }

    @Test
    void trailersAreCleanedLikeTheHead() throws Exception {
        upstream.behave(Behaviour.sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"
                + "X-Checksum: 5\r\nServer: uvicorn\r\nX-Debug-Sql: select\r\n\r\n"));
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(get().replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            String received = new String(client.input().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(received).containsIgnoringCase("x-checksum: 5").doesNotContainIgnoringCase("uvicorn")
                    .doesNotContainIgnoringCase("x-debug");
        }
    }

    @Test
    void anInterimResponseTellsLinksOnly() throws Exception {
        upstream.behave(Behaviour.sends("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\nServer: uvicorn\r\n"
                + "Set-Cookie: a=b\r\nX-Debug: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawResponse hints = client.send(get()).response();

            assertThat(hints.status()).isEqualTo(103);
            assertThat(hints.fields()).extracting(Field::name).map(String::toLowerCase).containsExactly("link");
            assertThat(client.response().text()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 599})
    void anErrorOfTheUpstreamGivesWayToARefusalAndIsKeptInTheLog(int status) throws Exception {
        RawResponse response = answer(
                "HTTP/1.1 " + status + " Oops\r\nServer: uvicorn\r\nRetry-After: 7\r\nContent-Type: text/plain\r\n"
                        + "Content-Length: " + TRACE.length() + "\r\n\r\n" + TRACE);

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.field("retry-after")).isEqualTo(status == 503 ? "7" : null);
        JsonNode problem = JSON.readTree(response.body());
        assertThat(problem.get("code").stringValue()).isEqualTo("upstream-error");
        assertThat(problem.get("upstream-status").intValue()).isEqualTo(status);
        assertThat(response.text()).doesNotContain("Traceback", "serve.py", "127.0.0.1", "hunter2");
        JsonNode line = line(response);
        assertThat(line.get("refusal").stringValue()).isEqualTo("upstream-error");
        assertThat(line.get("outcome").stringValue()).isEqualTo("upstream");
        assertThat(line.get("failure").stringValue())
                .startsWith("127.0.0.1:" + upstream.port() + " answered " + status + ": Traceback")
                .contains("ValueError").contains("\\n").contains("password='***'").contains("\\u{1b}")
                .doesNotContain("hunter2", "\n", "\u001b");
    }

    @Test
    void anErrorWithoutABodyOrWithoutAnEndGivesWayAsWell() throws Exception {
        assertThat(answer("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n").status()).isEqualTo(502);
        upstream.behave((connection, request) -> {
            connection.send("HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                connection.sendChunk("x".repeat(1000));
            }
        });

        RawResponse response = call(gateway, get());

        assertThat(response.status()).isEqualTo(502);
        assertThat(line(response).get("failure").stringValue()).endsWith("…").hasSizeLessThan(600);
        upstream.awaitConnection();
        upstream.awaitConnection().ended().get(20, TimeUnit.SECONDS);
    }

    @Test
    void anErrorToAHeadRequestGivesWayAsWell() throws Exception {
        upstream.behave(Behaviour.sends("HTTP/1.1 500 Oops\r\nServer: uvicorn\r\nContent-Length: 99\r\n\r\n"));
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawResponse head = client.send(get().replace("GET", "HEAD")).head();

            assertThat(head.status()).isEqualTo(502);
            assertThat(head.field("server")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"-1", "Wed, 21 Oct 2026 07:28:00 GMT", "1e5", "999999"})
    void aRetryAfterThatIsNoBoundedNumberOfSecondsIsDropped(String value) throws Exception {
        RawResponse response =
                answer("HTTP/1.1 503 Busy\r\nRetry-After: " + value + "\r\nContent-Length: 0\r\n\r\n");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.field("retry-after")).isNull();
    }

    @Test
    void errorsPassWhereTheConfigurationSaysSo() throws Exception {
        upstream.behave(Behaviour.answers(500, "text/plain", TRACE));
        try (TestGateway passing = gateway("{errors: passed}")) {
            RawResponse response = call(passing, get());

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.text()).contains("Traceback");
        }
    }

    @Test
    void aRefusalOfTheModelPassesUnlessItHoldsAStackTrace() throws Exception {
        upstream.behave(Behaviour.answers(422, "application/json", "{\"detail\":\"'instances' is missing\"}"));
        RawResponse plain = call(gateway, get());
        upstream.behave(Behaviour.answers(400, "application/json",
                "{\"detail\":\"Traceback (most recent call last):\\n  File \\\"/srv/a.py\\\", line 3\"}"));
        RawResponse traced = call(gateway, get());

        assertThat(plain.status()).isEqualTo(422);
        assertThat(plain.text()).isEqualTo("{\"detail\":\"'instances' is missing\"}");
        assertThat(traced.status()).isEqualTo(502);
        assertThat(traced.text()).contains("upstream-error").doesNotContain("a.py");
        assertThat(line(traced).get("failure").stringValue()).contains("answered 400: ", "a.py");
    }

    @Test
    void anAnswerOfAnotherTypeIsRefused() throws Exception {
        try (TestGateway strict = gateway("{accepts: [application/json]}")) {
            upstream.behave(Behaviour.answers(200, "text/html", "<h1>debug</h1>"));
            assertRefused(strict, call(strict, get()), "answer-not-acceptable");
            upstream.behave(Behaviour.sends("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
            assertRefused(strict, call(strict, get()), "answer-not-acceptable");
            upstream.behave(Behaviour.sends("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    + "Content-Type: text/html\r\nContent-Length: 2\r\n\r\n{}"));
            assertRefused(strict, call(strict, get()), "answer-not-acceptable");

            upstream.behave(Behaviour.answers(200, "Application/JSON; charset=utf-8", "{}"));
            assertThat(call(strict, get()).text()).isEqualTo("{}");
            upstream.behave(Behaviour.sends("HTTP/1.1 204 No Content\r\n\r\n"));
            assertThat(call(strict, get()).status()).isEqualTo(204);
            upstream.behave(Behaviour.answers(404, "text/plain", "no such digit"));
            assertThat(call(strict, get()).status()).isEqualTo(404);
        }
    }

    @Test
    void anAnswerThatDeclaresTooMuchIsRefusedBeforeItBegins() throws Exception {
        try (TestGateway narrow = gateway("{body: 8 B}")) {
            upstream.behave(Behaviour.answers(200, "text/plain", "12345678"));
            assertThat(call(narrow, get()).text()).isEqualTo("12345678");

            upstream.behave(Behaviour.answers(200, "text/plain", "123456789"));
            assertRefused(narrow, call(narrow, get()), "answer-too-large");
        }
    }

    @Test
    void anAnswerThatStreamsTooMuchIsBrokenOff() throws Exception {
        upstream.behave(Behaviour.neverEnds());
        try (TestGateway narrow = gateway("{body: 100 kB}"); RawClient client = RawClient.connect(narrow.port())) {
            RawResponse head = client.send(get()).head();
            assertThat(head.status()).isEqualTo(200);
            String received = new String(client.input().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(received).hasSizeLessThan(110_000).doesNotEndWith("0\r\n\r\n");
            JsonNode line = narrow.awaitLine(String.valueOf(head.field("sallyport-call")));
            assertThat(line.get("refusal").stringValue()).isEqualTo("answer-too-large");
            upstream.awaitConnection().ended().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aStreamEndsWhenItsTotalTimeIsOver() throws Exception {
        upstream.behave((connection, request) -> {
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (!connection.ended().isDone()) {
                connection.sendChunk("data: tick\n\n");
            }
        });
        try (TestGateway hasty = TestGateway.start("""
                models:
                  m: {url: "%s", timeouts: {total: 300 ms}, answer: {body: 1 GiB}}
                callers:
                  app: {key: "%s", may: [m]}
                """.formatted(upstream.url(), key.hash())); RawClient client = RawClient.connect(hasty.port())) {
            RawResponse head = client.send(get()).head();
            client.drain();

            JsonNode line = hasty.awaitLine(String.valueOf(head.field("sallyport-call")));
            assertThat(line.get("refusal").stringValue()).isEqualTo("deadline-exceeded");
        }
    }

    @Test
    void aRedirectToTheModelItselfLeadsThroughTheGateway() throws Exception {
        assertThat(redirect("http://127.0.0.1:" + upstream.port() + "/predict/?a=1").field("location"))
                .isEqualTo("/m/predict/?a=1");
        assertThat(redirect("/predict/").field("location")).isEqualTo("/m/predict/");
        assertThat(redirect("http://a.example/predict/").field("location")).isEqualTo("/m/predict/");
        assertThat(redirect("next").field("location")).isEqualTo("next");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://inference.internal:9000/x", "//inference.internal/x", "/\\inference.internal/x",
        "http://127.0.0.1@inference.internal/", "ftp://127.0.0.1/x", "https:inference.internal",
        "http:///inference.internal"})
    void aRedirectPastTheGatewayIsRefused(String location) throws Exception {
        RawResponse response = redirect(location);

        assertRefused(gateway, response, "answer-not-acceptable");
        assertThat(response.field("location")).isNull();
        assertThat(response.text()).doesNotContain("inference.internal");
    }

    @Test
    void whereACreatedThingIsIsToldOnlyWhenItIsBehindTheGateway() throws Exception {
        RawResponse response = answer("HTTP/1.1 201 Created\r\nLocation: http://inference.internal/jobs/1\r\n"
                + "Content-Location: /jobs/1\r\nContent-Length: 0\r\n\r\n");

        assertThat(response.status()).isEqualTo(201);
        assertThat(response.field("location")).isNull();
        assertThat(response.field("content-location")).isEqualTo("/m/jobs/1");
    }

    private RawResponse redirect(String location) throws Exception {
        return answer("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n");
    }

    private void assertRefused(TestGateway asked, RawResponse response, String code) throws Exception {
        assertThat(response.status()).as(response.text()).isEqualTo(502);
        assertThat(JSON.readTree(response.body()).get("code").stringValue()).isEqualTo(code);
        JsonNode line = asked.awaitLine(String.valueOf(response.field("sallyport-call")));
        assertThat(line.get("refusal").stringValue()).isEqualTo(code);
        assertThat(line.get("controls").toString()).endsWith("\"inspect-answer\"]");
    }

    private JsonNode line(RawResponse response) throws Exception {
        return gateway.awaitLine(String.valueOf(response.field("sallyport-call")));
    }

    private RawResponse answer(String text) throws Exception {
        upstream.behave(Behaviour.sends(text));
        return call(gateway, get());
    }

    private TestGateway gateway(String answer) throws IOException {
        return TestGateway.start("""
                models:
                  m: {url: "%s", retries: 0, answer: %s}
                callers:
                  app: {key: "%s", may: [m]}
                """.formatted(upstream.url(), answer, key.hash()));
    }

    private static RawResponse call(TestGateway called, String request) throws IOException {
        try (RawClient client = RawClient.connect(called.port())) {
            return client.send(request).response();
        }
    }

    private String get() {
        return "GET /m/predict HTTP/1.1\r\nHost: a.example\r\nAuthorization: " + key.bearer() + "\r\n\r\n";
    }
}
