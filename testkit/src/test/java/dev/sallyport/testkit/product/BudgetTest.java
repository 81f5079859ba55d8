package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.Eventually;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Budgets and quotas over real connections. */
final class BudgetTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int ROUNDS = 50;
    private static final int PARALLEL = 100;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void ofAHundredParallelCallsExactlyThreePassThatTheBudgetFits() throws Exception {
        AtomicInteger served = new AtomicInteger();
        Behaviour counting = (connection, request) -> {
            served.incrementAndGet();
            Behaviour.answers(200, "text/plain", "ok").answer(connection, request);
        };
        List<TestKey> keys = new ArrayList<>();
        StringBuilder callers = new StringBuilder();
        for (int i = 0; i < ROUNDS; i++) {
            keys.add(TestKey.make());
            callers.append("  c").append(i).append(": {key: \"").append(keys.getLast().hash())
                    .append("\", may: [resnet], budget: 0.007 USD/rolling month}\n");
        }
        try (FakeUpstream upstream = FakeUpstream.start(counting);
                TestGateway gateway = TestGateway.start("models:\n  resnet: {url: \"" + upstream.url()
                        + "\", cost: 0.002 USD}\ncallers:\n" + callers)) {
            for (int round = 0; round < ROUNDS; round++) {
                served.set(0);
                List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
                for (int i = 0; i < PARALLEL; i++) {
                    calls.add(client.sendAsync(get(gateway, keys.get(round)), BodyHandlers.ofString()));
                }
                int passed = 0;
                for (CompletableFuture<HttpResponse<String>> call : calls) {
                    HttpResponse<String> response = call.get();
                    if (response.statusCode() == 200) {
                        passed++;
                    } else {
                        assertThat(response.statusCode()).isEqualTo(429);
                        assertThat(JSON.readTree(response.body()).get("code").stringValue())
                                .isEqualTo("budget-exhausted");
                        assertThat(response.headers().firstValueAsLong("retry-after")).isPresent();
                    }
                }
                assertThat(passed).as("round %d", round).isEqualTo(3);
                assertThat(served).as("round %d", round).hasValue(3);
            }
        }
    }

    @Test
    void aRestartForgetsNothing() throws Exception {
        TestKey key = TestKey.make();
        try (FakeUpstream upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "ok"))) {
            String configuration = """
                    spending: {journal: "%s"}
                    models:
                      resnet: {url: "%s", cost: 0.1 USD}
                    callers:
                      app: {key: "%s", may: [resnet], budget: 0.5 USD/month, models: {resnet: {quota: 7/rolling day}}}
                    """.formatted(directory.resolve("spending"), upstream.url(), key.hash());
            int passed = 0;
            for (int restart = 0; restart < 4; restart++) {
                try (TestGateway gateway = TestGateway.start(configuration)) {
                    for (int i = 0; i < 2; i++) {
                        passed += status(gateway, key) == 200 ? 1 : 0;
                    }
                }
            }
            assertThat(passed).isEqualTo(5);
        }
    }

    @Test
    void aStreamIsCutWhenTheBudgetIsSpentAndTheUpstreamIsLetGo() throws Exception {
        TestKey key = TestKey.make();
        AtomicInteger sent = new AtomicInteger();
        CompletableFuture<Void> letGo = new CompletableFuture<>();
        Behaviour endless = (connection, request) -> {
            connection.readBody(request);
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            try {
                while (true) {
                    connection.sendChunk("data: {\"usage\":{\"total_tokens\":" + sent.incrementAndGet() + "}}\n\n");
                }
            } finally {
                letGo.complete(null);
            }
        };
        try (FakeUpstream upstream = FakeUpstream.start(endless);
                TestGateway gateway = TestGateway.start("""
                        models:
                          llm:
                            url: "%s"
                            cost: {amount: 0.01 USD, usage: {event: /usage/total_tokens}, reserve: 10}
                        callers:
                          app: {key: "%s", may: [llm], budget: 0.25 USD/month}
                        """.formatted(upstream.url(), key.hash()))) {
            HttpResponse<String> response = client.send(HttpRequest.newBuilder(gateway.uri("/llm/chat"))
                    .header("authorization", "Bearer " + key.text()).build(), BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("{\"total_tokens\":25}}\n\nevent: error\ndata: {\"type\":")
                    .doesNotContain("\"total_tokens\":26}").endsWith("}\n\n");
            letGo.get();
            JsonNode line = gateway.awaitLine(response.headers().firstValue("sallyport-call").orElseThrow());
            assertThat(line.get("refusal").stringValue()).isEqualTo("budget-exhausted");
        }
    }

    @Test
    void aClientThatHangsUpIsChargedAndANewBudgetAppliesToWhatWasUsed() throws Exception {
        TestKey key = TestKey.make();
        try (FakeUpstream upstream = FakeUpstream.start(Behaviour.neverAnswers());
                TestGateway gateway = TestGateway.start(oneModel(upstream, key, "0.3"))) {
            CompletableFuture<HttpResponse<String>> hanging =
                    client.sendAsync(get(gateway, key), BodyHandlers.ofString());
            Eventually.assertEventually(() -> assertThat(gateway.admin("/metrics"))
                    .contains("sallyport_endpoint_calls_in_flight{endpoint=\"" + upstream.url().substring(7)
                            + "\",resource=\"resnet\"} 1.0"));
            hanging.cancel(true);
            gateway.awaitLines(1);

            gateway.reload(oneModel(upstream, key, "0.1"));
            assertThat(status(gateway, key)).isEqualTo(429);
        }
    }

    @Test
    void whatARequestCarriesIsCountedAndCharged() throws Exception {
        TestKey key = TestKey.make();
        try (FakeUpstream upstream = FakeUpstream.start(Behaviour.answers(200, "application/json", "{}"));
                TestGateway gateway = TestGateway.start("""
                        models:
                          resnet:
                            url: "%s"
                            accepts: [application/json]
                            cost: [{amount: 0.1 USD, per: instance}, {amount: 0.001 USD, per: KiB}]
                            instances: {max: 5}
                            quota: [9 instances/month]
                            budget: 5 USD/month
                        callers:
                          app: {key: "%s", may: [resnet]}
                        """.formatted(upstream.url(), key.hash()))) {
            String three = "{\"instances\": [[1], [2], [3]], \"pad\": \"" + "x".repeat(2_048 - 42) + "\"}";

            assertThat(post(gateway, key, three)).isEqualTo(200);
            assertThat(post(gateway, key, "{\"instances\": [1, 2, 3, 4, 5, 6]}")).isEqualTo(413);
            assertThat(post(gateway, key, "{\"instances\": [1, 2, 3, 4, 5]}")).isEqualTo(200);
            assertThat(post(gateway, key, "{\"instances\": [1, 2]}")).isEqualTo(429);
            assertThat(gateway.admin("/metrics"))
                    .contains("unit=\"instances\",window=\"month\"} 8.0")
                    .contains(
                            "sallyport_allowance_used{name=\"resnet\",owner=\"model\",unit=\"USD\",window=\"month\"} 0.80203");
        }
    }

    private int post(TestGateway gateway, TestKey key, String body) throws Exception {
        return client.send(HttpRequest.newBuilder(gateway.uri("/resnet/predict"))
                .header("authorization", "Bearer " + key.text()).header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(), BodyHandlers.ofString()).statusCode();
    }

    @Test
    void theMetricsShowWhatIsUsedOfWhatCallersShareAndNothingOfOne() throws Exception {
        TestKey key = TestKey.make();
        try (FakeUpstream upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "ok"));
                TestGateway gateway = TestGateway.start("""
                        budget: 2 USD/month
                        tenants: {acme: {quota: 10/rolling week}}
                        models:
                          resnet: {versions: {"1": {url: "%1$s"}, "2": {url: "%1$s"}}, default: "2", cost: 0.125 USD, quota: 9/day}
                        callers:
                          app: {key: "%2$s", may: [resnet], tenant: acme, budget: 7 USD/day}
                        """.formatted(upstream.url(), key.hash()))) {
            assertThat(status(gateway, key)).isEqualTo(200);
            assertThat(status(gateway, key)).isEqualTo(200);

            String page = gateway.admin("/metrics");
            assertThat(page.lines().filter(line -> line.startsWith("sallyport_allowance"))).containsExactlyInAnyOrder(
                    "sallyport_allowance_limit{name=\"\",owner=\"gateway\",unit=\"USD\",window=\"month\"} 2.0",
                    "sallyport_allowance_limit{name=\"acme\",owner=\"tenant\",unit=\"calls\",window=\"rolling week\"} 10.0",
                    "sallyport_allowance_limit{name=\"resnet\",owner=\"model\",unit=\"calls\",window=\"day\"} 9.0",
                    "sallyport_allowance_used{name=\"\",owner=\"gateway\",unit=\"USD\",window=\"month\"} 0.25",
                    "sallyport_allowance_used{name=\"acme\",owner=\"tenant\",unit=\"calls\",window=\"rolling week\"} 2.0",
                    "sallyport_allowance_used{name=\"resnet\",owner=\"model\",unit=\"calls\",window=\"day\"} 2.0",
                    "sallyport_allowance_accounts 4.0");
        }
    }

    private static String oneModel(FakeUpstream upstream, TestKey key, String budget) {
        return """
                models:
                  resnet: {url: "%s", cost: 0.1 USD}
                callers:
                  app: {key: "%s", may: [resnet], budget: %s USD/month}
                """.formatted(upstream.url(), key.hash(), budget);
    }

    private static HttpRequest get(TestGateway gateway, TestKey key) {
        return HttpRequest.newBuilder(gateway.uri("/resnet/predict")).header("authorization", "Bearer " + key.text())
                .build();
    }

    private int status(TestGateway gateway, TestKey key) throws Exception {
        return client.send(get(gateway, key), BodyHandlers.ofString()).statusCode();
    }
}
