package dev.sallyport.testkit.product;

import static dev.sallyport.gateway.testing.TestingCollector.attributes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.TraceParent;
import dev.sallyport.gateway.testing.TestingCollector;
import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.Eventually;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Calls as traces, from the client's context through the gateway's spans to the upstream's context. */
final class TracingTest {
    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CONTEXT = "00-" + TRACE_ID + "-00f067aa0ba902b7-01";

    private final TestKey key = TestKey.make();
    private TestingCollector collector;
    private FakeUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        collector = TestingCollector.start();
        upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "hello"));
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
        collector.close();
    }

    @Test
    void aCallIsOneTraceFromClientToUpstream() throws Exception {
        try (TestGateway gateway = gateway("{otlp: \"%s\", sample: 100%%}".formatted(collector.url()))) {
            RawResponse response = call(gateway, key.text(), "Traceparent: " + CONTEXT + "\r\nTracestate: v=1\r\n");
            List<Span> spans = spans(2);

            Span server = only(spans, Span.SpanKind.SPAN_KIND_SERVER);
            Span client = only(spans, Span.SpanKind.SPAN_KIND_CLIENT);
            assertThat(hex(server.getTraceId().toByteArray())).isEqualTo(TRACE_ID);
            assertThat(hex(server.getParentSpanId().toByteArray())).isEqualTo("00f067aa0ba902b7");
            assertThat(client.getParentSpanId()).isEqualTo(server.getSpanId());
            assertThat(upstream.requests().getFirst().field("traceparent"))
                    .isEqualTo("00-" + TRACE_ID + "-" + hex(client.getSpanId().toByteArray()) + "-01");
            assertThat(upstream.requests().getFirst().field("tracestate")).isEqualTo("v=1");
            assertThat(attributes(server.getAttributesList()))
                    .containsEntry("sallyport.call", String.valueOf(response.field("sallyport-call")))
                    .containsEntry("sallyport.caller", "app").containsEntry("sallyport.outcome", "success")
                    .containsEntry("sallyport.controls",
                            "[" + String.join(", ", controls(gateway)) + "]");
            assertThat(server.getEventsList()).extracting(Span.Event::getName)
                    .contains("identify", "authorize", "connect", "first_byte", "last_byte", "record");
            assertThat(server.getEndTimeUnixNano()).isGreaterThanOrEqualTo(client.getEndTimeUnixNano());
            assertThat(gateway.awaitLines(1).getFirst().get("trace_id").stringValue()).isEqualTo(TRACE_ID);
        }
    }

    @Test
    void eachAttemptIsASpanAndTheUpstreamSeesThatOfItsOwn() throws Exception {
        upstream.behave(Behaviour.resetsAfter(""));
        try (TestGateway gateway = gateway("{otlp: \"%s\", sample: 100%%}".formatted(collector.url()))) {
            assertThat(call(gateway, key.text(), "").status()).isEqualTo(502);
            List<Span> spans = spans(3);

            assertThat(spans).filteredOn(span -> span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT).hasSize(2)
                    .allSatisfy(span -> assertThat(attributes(span.getAttributesList())).containsKey("error.type"));
            assertThat(upstream.requests())
                    .extracting(request -> TraceParent.spanId(String.valueOf(request.field("traceparent"))))
                    .containsExactlyElementsOf(
                            spans.stream().filter(span -> span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT)
                                    .map(span -> hex(span.getSpanId().toByteArray())).toList());
        }
    }

    @Test
    void aStrangerWithTheSampledFlagIsTracedAsSeldomAsOthersAndAFailureWithinItsAllowance() throws Exception {
        try (TestGateway gateway =
                gateway("{otlp: \"%s\", sample: 0%%, sample-failures: 1/min}".formatted(collector.url()))) {
            call(gateway, key.text(), "Traceparent: " + CONTEXT + "\r\n");
            call(gateway, "wrong", "Traceparent: " + CONTEXT + "\r\n");
            call(gateway, "wrong", "Traceparent: " + CONTEXT + "\r\n");
            Span failed = spans(1).getFirst();
            gateway.awaitLines(3);

            assertThat(upstream.requests().getFirst().field("traceparent")).startsWith("00-" + TRACE_ID)
                    .endsWith("-00");
            assertThat(attributes(failed.getAttributesList())).containsEntry("sallyport.refusal", "credential-invalid");
            assertThat(gateway.admin("/metrics")).contains("sallyport_spans_exported_total 1.0");
            assertThat(collector.spans()).hasSize(1);
        }
    }

    @Test
    void aProxysWishIsHonoured() throws Exception {
        try (TestGateway gateway = TestGateway.start("proxies: 127.0.0.1\n"
                + configuration("{otlp: \"%s\", sample: 0%%}".formatted(collector.url())))) {
            call(gateway, key.text(), "Traceparent: " + CONTEXT + "\r\n");

            assertThat(spans(2)).hasSize(2);
        }
    }

    @Test
    void withoutCollectorTheContextPassesAsItCame() throws Exception {
        try (TestGateway gateway = gateway("{}")) {
            call(gateway, key.text(), "Traceparent: " + CONTEXT + "\r\n");
            call(gateway, key.text(), "Traceparent: broken\r\nTracestate: v=1\r\n");

            assertThat(upstream.requests().getFirst().field("traceparent")).isEqualTo(CONTEXT);
            assertThat(upstream.requests().getLast().field("traceparent")).isNull();
            assertThat(upstream.requests().getLast().field("tracestate")).isNull();
            List<JsonNode> lines = gateway.awaitLines(2);
            assertThat(lines.getFirst().get("trace_id").stringValue()).isEqualTo(TRACE_ID);
            assertThat(lines.getLast().has("trace_id")).isFalse();
            assertThat(gateway.admin("/metrics")).doesNotContain("sallyport_spans");
        }
    }

    @Test
    void noSecretLeavesWithATrace() throws Exception {
        try (TestGateway gateway = gateway("{otlp: \"%s\", sample: 100%%}".formatted(collector.url()))) {
            call(gateway, key.text(), "Cookie: cookie-secret\r\n");
            spans(2);

            assertThat(collector.requests().toString()).contains("/m/predict").doesNotContain(key.text())
                    .doesNotContain("query-secret").doesNotContain("cookie-secret")
                    .doesNotContain(key.hash().substring(7));
        }
    }

    @Test
    void everythingThatASpanSaysStandsOnItsPage() throws Exception {
        upstream.behave(Behaviour.resetsAfter(""));
        String page = Files.readString(Path.of("..", "docs", "reference", "traces.md"));
        try (TestGateway gateway = gateway("{otlp: \"%s\", sample: 100%%}".formatted(collector.url()))) {
            call(gateway, key.text(), "");

            for (Span span : spans(3)) {
                assertThat(attributes(span.getAttributesList()).keySet())
                        .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
            }
            assertThat(attributes(collector.requests().getFirst().getResourceSpans(0).getResource()
                    .getAttributesList())).containsEntry("service.name", "sallyport")
                    .containsKey("service.instance.id")
                    .allSatisfy((name, _) -> assertThat(page).contains("`" + name + "`"));
            assertThat(Phase.values()).allSatisfy(phase -> assertThat(page).contains("`" + phase.text() + "`"));
        }
    }

    @Test
    void aCollectorThatIsGoneHoldsNoCallUp() throws Exception {
        collector.close();
        try (TestGateway gateway = gateway("{otlp: \"%s\", sample: 100%%}".formatted(collector.url()))) {
            for (int i = 0; i < 20; i++) {
                assertThat(call(gateway, key.text(), "").status()).isEqualTo(200);
            }
        }
    }

    private TestGateway gateway(String telemetry) throws Exception {
        return TestGateway.start(configuration(telemetry));
    }

    private String configuration(String telemetry) {
        return """
                models:
                  m: {url: "%s"}
                callers:
                  app: {key: "%s", may: [m]}
                telemetry: %s
                """.formatted(upstream.url(), key.hash(), telemetry);
    }

    private static RawResponse call(TestGateway gateway, String credential, String fields) throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.send("GET /m/predict?token=query-secret HTTP/1.1\r\nHost: a.example\r\nX-Api-Key: "
                    + credential + "\r\n" + fields + "\r\n").response();
        }
    }

    private List<Span> spans(int count) throws Exception {
        Eventually.assertEventually(() -> assertThat(collector.spans()).hasSizeGreaterThanOrEqualTo(count));
        return collector.spans();
    }

    private static List<String> controls(TestGateway gateway) throws Exception {
        return gateway.awaitLines(1).getFirst().get("controls").valueStream().map(JsonNode::stringValue).toList();
    }

    private static Span only(List<Span> spans, Span.SpanKind kind) {
        List<Span> found = spans.stream().filter(span -> span.getKind() == kind).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
