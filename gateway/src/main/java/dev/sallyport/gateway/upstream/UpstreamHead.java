package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Trace;
import dev.sallyport.gateway.call.TraceParent;
import org.jspecify.annotations.Nullable;

/** Makes the head that one endpoint gets: its path, its authority, and how long the gateway will wait, which span it is called from. */
final class UpstreamHead {
    static final String TIMEOUT_FIELD = "sallyport-timeout-ms";
    static final String GRPC_TIMEOUT_FIELD = "grpc-timeout";
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** {@code grpc-timeout} has at most eight digits (gRPC over HTTP/2, Requests): beyond them seconds instead of milliseconds. */
    private static final long GRPC_COUNT_MAX = 99_999_999;

    private UpstreamHead() {}

    /** Sets fields of {@code head}; may be repeated for another endpoint. */
    static RequestHead of(RequestHead head, Endpoint endpoint, UpstreamSpec spec, long remainingNanos,
            Trace.@Nullable Attempt trace) {
        Headers headers = head.headers();
        UpstreamCredential credential = spec.credential();
        if (credential != null) {
            headers.set(credential.field(), credential.value());
        }
        long millis = Math.max(1, remainingNanos / NANOS_PER_MILLI);
        headers.set(TIMEOUT_FIELD, Long.toString(millis));
        if (head.isGrpc()) {
            headers.set(GRPC_TIMEOUT_FIELD,
                    millis <= GRPC_COUNT_MAX ? millis + "m" : Math.min(millis / 1000, GRPC_COUNT_MAX) + "S");
        }
        if (trace != null) {
            headers.set(TraceParent.FIELD, trace.traceParent());
        }
        String basePath = endpoint.spec().basePath();
        return new RequestHead(
                head.protocol(),
                head.method(),
                head.scheme(),
                spec.preserveHost() ? head.authority() : endpoint.authority(),
                basePath.isEmpty() ? head.path() : basePath + head.path(),
                head.query(),
                headers,
                head.contentLength(),
                head.upgrade());
    }
}
