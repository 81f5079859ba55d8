package dev.sallyport.gateway.telemetry.otlp;

import static dev.sallyport.gateway.testing.TestingCollector.attributes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.ByteString;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Deadline;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Timeline;
import dev.sallyport.gateway.call.Trace;
import dev.sallyport.gateway.telemetry.TestingCalls;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SpanEncoderTest {
    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CLIENTS = "00-" + TRACE_ID + "-00f067aa0ba902b7-00";
    private static final String OWN = "00-" + TRACE_ID + "-aaaaaaaaaaaaaaaa-01";
    private static final long BEGAN_EPOCH_NANOS = TestingCalls.BEGAN_EPOCH_MILLIS * 1_000_000;
    private static final long BEGAN = TestingCalls.BEGAN_NANOS;

    @Test
    void anAnsweredCallIsAServerSpanWithAClientSpanPerAttempt() throws Exception {
        Call call = TestingCalls.answered();
        call.request().headers().add("traceparent", CLIENTS);
        Trace trace = new Trace(OWN, new SplittableRandom(1));
        call.traced(OWN, "vendor=1", trace);
        Trace.Attempt first = trace.attempt("127.0.0.1:8000", BEGAN + 3_000);
        first.failed(RefusalCode.UPSTREAM_CONNECT_FAILED);
        first.ended(BEGAN + 4_000);
        Trace.Attempt second = trace.attempt("[::1]:8001", BEGAN + 5_000);
        second.answered(200);
        second.ended(BEGAN + 6_000_000);

        List<Span> spans = spans(call);

        assertThat(spans).hasSize(3).allSatisfy(span -> {
            assertThat(hex(span.getTraceId())).isEqualTo(TRACE_ID);
            assertThat(span.getTraceState()).isEqualTo("vendor=1");
            assertThat(span.getFlags() & 1).isEqualTo(1);
        });
        Span server = spans.getFirst();
        assertThat(server.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(server.getName()).isEqualTo("POST resnet");
        assertThat(hex(server.getSpanId())).isEqualTo("aaaaaaaaaaaaaaaa");
        assertThat(hex(server.getParentSpanId())).isEqualTo("00f067aa0ba902b7");
        assertThat(server.getFlags()).isEqualTo(0x301);
        assertThat(server.getStartTimeUnixNano()).isEqualTo(BEGAN_EPOCH_NANOS);
        assertThat(server.getEndTimeUnixNano()).isEqualTo(BEGAN_EPOCH_NANOS + 7_000_000);
        assertThat(server.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        assertThat(server.getEventsList()).extracting(Span.Event::getName, Span.Event::getTimeUnixNano)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("parse", BEGAN_EPOCH_NANOS + 1_000),
                        org.assertj.core.groups.Tuple.tuple("identify", BEGAN_EPOCH_NANOS + 3_000),
                        org.assertj.core.groups.Tuple.tuple("last_byte", BEGAN_EPOCH_NANOS + 7_000_000));
        assertThat(attributes(server.getAttributesList())).containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                entry("http.request.method", "POST"), entry("url.scheme", "http"),
                entry("url.path", "/resnet/predict"), entry("server.address", "models.example"),
                entry("server.port", "8080"), entry("client.address", "203.0.113.7"),
                entry("network.protocol.name", "http"), entry("network.protocol.version", "1.1"),
                entry("http.response.status_code", "200"), entry("http.request.body.size", "1024"),
                entry("http.response.body.size", "70"), entry("sallyport.call", call.id()),
                entry("sallyport.caller", "partner"), entry("sallyport.cohort", "partner"),
                entry("sallyport.resource", "resnet"), entry("sallyport.version", "2"),
                entry("sallyport.outcome", "success"), entry("sallyport.controls", "[identify, limit]"),
                entry("sallyport.attempts", "1")));

        Span failed = spans.get(1);
        assertThat(failed.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(hex(failed.getParentSpanId())).isEqualTo("aaaaaaaaaaaaaaaa");
        assertThat(first.traceParent()).contains(hex(failed.getSpanId()));
        assertThat(failed.getFlags()).isEqualTo(0x101);
        assertThat(failed.getEndTimeUnixNano() - failed.getStartTimeUnixNano()).isEqualTo(1_000);
        assertThat(failed.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(attributes(failed.getAttributesList())).containsExactlyInAnyOrderEntriesOf(Map.of(
                "http.request.method", "POST", "server.address", "127.0.0.1", "server.port", "8000",
                "error.type", "upstream-connect-failed"));

        assertThat(second.traceParent()).contains(hex(spans.get(2).getSpanId()));
        assertThat(attributes(spans.get(2).getAttributesList())).containsExactlyInAnyOrderEntriesOf(Map.of(
                "http.request.method", "POST", "server.address", "::1", "server.port", "8001",
                "http.response.status_code", "200", "http.request.resend_count", "1"));
    }

    @Test
    void aRefusedCallSaysByWhichCodeAndOnlyAFaultOfOursIsAnError() throws Exception {
        Call refused = TestingCalls.refused(RefusalCode.RATE_LIMITED);
        refused.traced(OWN, null, null);
        Call failed = TestingCalls.refused(RefusalCode.CONTROL_FAILED);
        failed.traced(OWN, null, null);

        List<Span> spans = spans(refused, failed);

        assertThat(attributes(spans.getFirst().getAttributesList())).containsEntry("sallyport.refusal", "rate-limited")
                .containsEntry("error.type", "rate-limited").containsEntry("http.response.status_code", "429");
        assertThat(spans.getFirst().getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        assertThat(spans.getFirst().getParentSpanId().isEmpty()).isTrue();
        assertThat(spans.getFirst().getName()).isEqualTo("POST");
        assertThat(spans.getLast().getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    }

    @Test
    void aMethodThatNobodyKnowsIsNoNameOfASpan() throws Exception {
        RequestHead head = new RequestHead(Protocol.HTTP_2, "X".repeat(5_000), "https", "models.example", "/x", null,
                new Headers(), 0, null);
        Call call = new Call("ID", head, TestingCalls.PEER, new Timeline(BEGAN), 0, new Deadline(Long.MAX_VALUE));
        call.traced(OWN, null, null);

        Span span = spans(call).getFirst();

        assertThat(span.getName()).isEqualTo("HTTP");
        assertThat(attributes(span.getAttributesList())).containsEntry("http.request.method", "_OTHER")
                .containsEntry("http.request.method_original", "X".repeat(1_024) + "…")
                .containsEntry("network.protocol.version", "2").doesNotContainKey("server.port");
    }

    @Test
    void noSecretStandsInASpan() throws Exception {
        Call call = TestingCalls.answered();
        call.traced(OWN, null, null);

        assertThat(request(call).toString()).contains("resnet").doesNotContain("secret");
    }

    @Test
    void theRequestSaysWhoseSpansItHolds() throws Exception {
        Call call = TestingCalls.answered(TestingCalls.RESNET, 200, Outcome.SUCCESS);
        call.timeline().mark(Phase.RECORD, BEGAN + 8_000_000);
        call.traced(OWN, null, null);

        ResourceSpans resource = request(call).getResourceSpans(0);

        assertThat(attributes(resource.getResource().getAttributesList()))
                .containsExactly(entry("service.name", "sallyport"));
        assertThat(resource.getScopeSpans(0).getScope().getName()).isEqualTo("dev.sallyport.gateway");
        assertThat(resource.getScopeSpans(0).getSpans(0).getEndTimeUnixNano())
                .isEqualTo(BEGAN_EPOCH_NANOS + 8_000_000);
    }

    @Test
    void aThousandCallsAreOneRequest() throws Exception {
        Call[] calls = new Call[1_000];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = TestingCalls.answered();
            calls[i].traced(OWN, null, null);
        }

        assertThat(spans(calls)).hasSize(1_000);
    }

    private static List<Span> spans(Call... calls) throws Exception {
        return request(calls).getResourceSpans(0).getScopeSpans(0).getSpansList();
    }

    private static ExportTraceServiceRequest request(Call... calls) throws Exception {
        SpanEncoder encoder = new SpanEncoder(Map.of("service.name", "sallyport"));
        for (Call call : calls) {
            encoder.add(call);
        }
        ProtobufWriter request = encoder.finish();
        return ExportTraceServiceRequest.parseFrom(Arrays.copyOf(request.array(), request.length()));
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
