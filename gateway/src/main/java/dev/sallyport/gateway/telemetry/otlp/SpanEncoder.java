package dev.sallyport.gateway.telemetry.otlp;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Timeline;
import dev.sallyport.gateway.call.Trace;
import dev.sallyport.gateway.call.TraceParent;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a trace export request (opentelemetry.proto.collector.trace.v1) of ended calls: for each a server span with the
 * phases of its timeline as events, and below it a client span for each attempt. Attributes follow the semantic
 * conventions for HTTP spans 1.37 as far as they hold no secret: query strings and header fields never occur.
 */
final class SpanEncoder {
    private static final int RESOURCE_SPANS = 1;
    private static final int RESOURCE = 1;
    private static final int RESOURCE_ATTRIBUTES = 1;
    private static final int SCOPE_SPANS = 2;
    private static final int SCOPE = 1;
    private static final int SCOPE_NAME = 1;
    private static final int SPANS = 2;
    private static final int SPAN_TRACE_ID = 1;
    private static final int SPAN_ID = 2;
    private static final int SPAN_TRACE_STATE = 3;
    private static final int SPAN_PARENT_ID = 4;
    private static final int SPAN_NAME = 5;
    private static final int SPAN_KIND = 6;
    private static final int SPAN_BEGIN = 7;
    private static final int SPAN_END = 8;
    private static final int SPAN_ATTRIBUTES = 9;
    private static final int SPAN_EVENTS = 11;
    private static final int SPAN_STATUS = 15;
    private static final int SPAN_FLAGS = 16;
    private static final int EVENT_TIME = 1;
    private static final int EVENT_NAME = 2;
    private static final int STATUS_CODE = 3;
    private static final int STATUS_ERROR = 2;
    private static final int KIND_SERVER = 2;
    private static final int KIND_CLIENT = 3;
    /** It is known whether the parent is in another process. */
    private static final int FLAG_HAS_REMOTE = 0x100;
    private static final int FLAG_REMOTE = 0x200;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int BYTES_EXPECTED = 64 << 10;
    private static final String SCOPE_TEXT = "dev.sallyport.gateway";

    private static final Phase[] PHASES = Phase.values();
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS",
            "TRACE", "PATCH", "QUERY");

    private final ProtobufWriter request = new ProtobufWriter(BYTES_EXPECTED);
    private final Attributes attributes = new Attributes(request, SPAN_ATTRIBUTES);
    private final int resourceSpans;
    private final int scopeSpans;
    private int spans;

    /** @param resource what is said of this gateway, such as {@code service.name} */
    SpanEncoder(Map<String, String> resource) {
        resourceSpans = request.begin(RESOURCE_SPANS);
        int said = request.begin(RESOURCE);
        Attributes of = new Attributes(request, RESOURCE_ATTRIBUTES);
        resource.forEach(of::text);
        request.end(said);
        scopeSpans = request.begin(SCOPE_SPANS);
        int scope = request.begin(SCOPE);
        request.text(SCOPE_NAME, SCOPE_TEXT);
        request.end(scope);
    }

    /** Adds the spans of {@code call}, all or none. */
    void add(Call call) {
        String own = call.traceParent();
        if (own == null) {
            return;
        }
        int position = request.length();
        int before = spans;
        try {
            server(call, own);
            Trace trace = call.trace();
            if (trace != null) {
                List<Trace.Attempt> attempts = trace.attempts();
                for (int i = 0; i < attempts.size(); i++) {
                    client(call, own, attempts.get(i), i);
                }
            }
        } catch (RuntimeException failure) {
            request.rewind(position);
            spans = before;
            throw failure;
        }
    }

    int spans() {
        return spans;
    }

    /** Ends the request; nothing can be added any more. */
    ProtobufWriter finish() {
        request.end(scopeSpans);
        request.end(resourceSpans);
        return request;
    }

    private void server(Call call, String own) {
        Resource resource = call.resource();
        RequestHead head = call.request();
        String method = METHODS.contains(head.method()) ? head.method() : "HTTP";
        String parent = parent(call, own);
        int span = begin(call, own, parent == null ? null : TraceParent.spanId(parent), parent != null,
                resource == null ? method : method + ' ' + resource.name(), KIND_SERVER,
                call.timeline().beganNanos(), call.timeline().beganNanos() + call.timeline().totalNanos());
        method(head.method());
        attributes.text("url.scheme", head.scheme());
        attributes.text("url.path", head.path());
        address(head.authority());
        attributes.text("client.address", NetUtil.toAddressString(call.peer().client()));
        attributes.text("network.protocol.name", "http");
        attributes.text("network.protocol.version", version(head.protocol()));
        if (call.status() > 0) {
            attributes.integer("http.response.status_code", call.status());
        }
        attributes.integer("http.request.body.size", call.requestBytes());
        attributes.integer("http.response.body.size", call.responseBytes());
        attributes.text("sallyport.call", call.id());
        Caller caller = call.caller();
        if (caller != null) {
            attributes.text("sallyport.caller", caller.id());
            attributes.text("sallyport.cohort", caller.cohort().text());
        }
        if (resource != null) {
            attributes.text("sallyport.resource", resource.name());
            attributes.text("sallyport.version", resource.version());
        }
        if (call.outcome() != null) {
            attributes.text("sallyport.outcome", call.outcome().text());
        }
        attributes.texts("sallyport.controls", call.controls());
        attributes.integer("sallyport.attempts", call.attempts());
        Refusal refusal = call.refusal();
        if (refusal != null) {
            attributes.text("sallyport.refusal", refusal.code().text());
            attributes.text("error.type", refusal.code().text());
        } else if (call.status() >= 500) {
            attributes.text("error.type", Integer.toString(call.status()));
        }
        events(call);
        if (call.status() >= 500) {
            error();
        }
        request.end(span);
    }

    private void client(Call call, String own, Trace.Attempt attempt, int resend) {
        int span = begin(call, attempt.traceParent(), TraceParent.spanId(own), false,
                METHODS.contains(call.request().method()) ? call.request().method() : "HTTP", KIND_CLIENT,
                attempt.beganNanos(), attempt.endedNanos());
        method(call.request().method());
        address(attempt.endpoint());
        if (attempt.status() > 0) {
            attributes.integer("http.response.status_code", attempt.status());
        }
        if (resend > 0) {
            attributes.integer("http.request.resend_count", resend);
        }
        if (attempt.failure() != null) {
            attributes.text("error.type", attempt.failure().text());
            error();
        } else if (attempt.status() >= 400) {
            attributes.text("error.type", Integer.toString(attempt.status()));
            error();
        }
        request.end(span);
    }

    private int begin(Call call, String own, @Nullable String parentId, boolean remote, String name, int kind,
            long beganNanos, long endedNanos) {
        spans++;
        int span = request.begin(SPANS);
        request.hexadecimal(SPAN_TRACE_ID, TraceParent.traceId(own));
        request.hexadecimal(SPAN_ID, TraceParent.spanId(own));
        if (call.traceState() != null) {
            request.text(SPAN_TRACE_STATE, call.traceState());
        }
        if (parentId != null) {
            request.hexadecimal(SPAN_PARENT_ID, parentId);
        }
        request.text(SPAN_NAME, name);
        request.number(SPAN_KIND, kind);
        request.fixed64(SPAN_BEGIN, epochNanos(call, beganNanos));
        request.fixed64(SPAN_END, epochNanos(call, endedNanos));
        request.fixed32(SPAN_FLAGS, TraceParent.SAMPLED | FLAG_HAS_REMOTE | (remote ? FLAG_REMOTE : 0));
        return span;
    }

    private void events(Call call) {
        Timeline timeline = call.timeline();
        for (Phase phase : PHASES) {
            if (timeline.marked(phase)) {
                int event = request.begin(SPAN_EVENTS);
                request.fixed64(EVENT_TIME, epochNanos(call, timeline.endedNanos(phase)));
                request.text(EVENT_NAME, phase.text());
                request.end(event);
            }
        }
    }

    private void error() {
        int status = request.begin(SPAN_STATUS);
        request.number(STATUS_CODE, STATUS_ERROR);
        request.end(status);
    }

    private void method(String method) {
        if (METHODS.contains(method)) {
            attributes.text("http.request.method", method);
        } else {
            attributes.text("http.request.method", "_OTHER");
            attributes.text("http.request.method_original", method);
        }
    }

    /** Host, and port where there is one, of {@code host:port}, {@code [address]:port} or a host alone. */
    private void address(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon > authority.lastIndexOf(']') && colon < authority.length() - 1;
        String host = port ? authority.substring(0, colon) : authority;
        attributes.text("server.address",
                host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host);
        if (port) {
            attributes.integer("server.port", Long.parseLong(authority, colon + 1, authority.length(), 10));
        }
    }

    /** What the client sent, when the call went on in its trace; null when it began one. */
    private static @Nullable String parent(Call call, String own) {
        String sent = call.request().headers().first(TraceParent.FIELD);
        boolean joined = sent != null && TraceParent.valid(sent)
                && TraceParent.traceId(sent).equals(TraceParent.traceId(own));
        return joined ? sent : null;
    }

    private static long epochNanos(Call call, long nanos) {
        return call.beganEpochMillis() * NANOS_PER_MILLI + (nanos - call.timeline().beganNanos());
    }

    private static String version(Protocol protocol) {
        String text = protocol.text();
        return text.substring(text.indexOf('/') + 1);
    }
}
