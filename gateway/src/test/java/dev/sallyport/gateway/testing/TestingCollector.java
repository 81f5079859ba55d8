package dev.sallyport.gateway.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A collector of traces that reads what it gets with the protocol's own messages, and answers as it is told. */
public final class TestingCollector implements AutoCloseable {
    /** @param retryAfter the field of that name; null: none */
    private record Answer(int status, @Nullable String retryAfter) {}

    private final HttpServer server;
    private final String scheme;
    private final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private volatile long rejected;
    private volatile @Nullable CountDownLatch gate;
    private final CountDownLatch arrived = new CountDownLatch(1);

    private TestingCollector(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.createContext("/", this::answer);
        server.start();
    }

    public static TestingCollector start() throws IOException {
        return new TestingCollector(HttpServer.create(loopback(), 0), "http");
    }

    public static TestingCollector startSecure(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new TestingCollector(server, "https");
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** What a configuration names: without the path for traces. */
    public String url() {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    public URI tracesUrl() {
        return URI.create(url() + "/v1/traces");
    }

    /** The next request that is not answered otherwise gets this status and is not taken. */
    public void refuseOnce(int status, @Nullable String retryAfter) {
        answers.add(new Answer(status, retryAfter));
    }

    /** From now on says that so many spans of each request were not wanted. */
    public void reject(long spans) {
        rejected = spans;
    }

    /** From now on answers nothing before {@code opened} is open. */
    public void holdUntil(CountDownLatch opened) {
        gate = opened;
    }

    /** Waits for the first request. */
    public void awaitRequest() throws InterruptedException {
        arrived.await();
    }

    /** What was taken, in order. */
    public List<ExportTraceServiceRequest> requests() {
        return requests;
    }

    /** Method, path and content type of every request, refused ones too. */
    public List<String> heads() {
        return heads;
    }

    public List<Span> spans() {
        return requests.stream().flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    /** Attributes by key, each value as a person would write it. */
    public static Map<String, String> attributes(List<KeyValue> pairs) {
        return pairs.stream()
                .collect(Collectors.toMap(KeyValue::getKey, pair -> switch (pair.getValue().getValueCase()) {
                    case STRING_VALUE -> pair.getValue().getStringValue();
                    case INT_VALUE -> Long.toString(pair.getValue().getIntValue());
                    case ARRAY_VALUE -> pair.getValue().getArrayValue().getValuesList().stream()
                            .map(value -> value.getStringValue()).toList().toString();
                    default -> throw new AssertionError("not expected: " + pair);
                }));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            heads.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type"));
            arrived.countDown();
            pass(gate);
            Answer refusal = answers.poll();
            if (refusal != null) {
                if (refusal.retryAfter != null) {
                    exchange.getResponseHeaders().add("Retry-After", refusal.retryAfter);
                }
                if (refusal.status == 401) {
                    exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"collector\"");
                }
                exchange.sendResponseHeaders(refusal.status, -1);
                return;
            }
            requests.add(ExportTraceServiceRequest.parseFrom(body));
            ExportTraceServiceResponse.Builder response = ExportTraceServiceResponse.newBuilder();
            if (rejected > 0) {
                response.getPartialSuccessBuilder().setRejectedSpans(rejected).setErrorMessage("too many");
            }
            byte[] answer = response.build().toByteArray();
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static void pass(@Nullable CountDownLatch gate) {
        try {
            if (gate != null) {
                gate.await();
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
