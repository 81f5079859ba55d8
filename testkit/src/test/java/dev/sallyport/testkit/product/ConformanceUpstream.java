package dev.sallyport.testkit.product;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.testing.conformance.CaseRunner;
import dev.sallyport.gateway.testing.conformance.SeenRequest;
import dev.sallyport.testkit.Eventually;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.Field;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.ReceivedRequest;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.UpstreamConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The upstream of the conformance cases: answers everything, and knows what arrived whole. */
final class ConformanceUpstream implements CaseRunner.Upstream, AutoCloseable {
    private static final String FENCE = "/fence";

    private final FakeUpstream upstream;
    private final List<Arrival> arrivals = new ArrayList<>();
    private @Nullable TestGateway gateway;

    private record Arrival(ReceivedRequest request, boolean complete) {}

    ConformanceUpstream() throws IOException {
        upstream = FakeUpstream.start(this::answer);
    }

    String url() {
        return upstream.url();
    }

    /** Names the gateway that is in front. */
    void watch(TestGateway watched) {
        gateway = watched;
    }

    private TestGateway watched() {
        return requireNonNull(gateway, "no gateway is in front yet");
    }

    @Override
    public void close() throws IOException {
        upstream.close();
    }

    private void answer(UpstreamConnection connection, ReceivedRequest request) throws IOException {
        boolean complete = false;
        try {
            connection.readBody(request);
            complete = true;
        } finally {
            if (!request.target().equals(FENCE)) {
                synchronized (arrivals) {
                    arrivals.add(new Arrival(request, complete));
                }
            }
        }
        connection.respond(200, "text/plain", request.method().equals("HEAD") ? new byte[0] : new byte[]{'x'});
    }

    @Override
    public List<SeenRequest> take() {
        try {
            awaitQuiet();
            synchronized (arrivals) {
                List<SeenRequest> seen = new ArrayList<>();
                for (Arrival arrival : arrivals) {
                    seen.add(seen(arrival));
                }
                arrivals.clear();
                return seen;
            }
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /**
     * No call is in flight, every connection that the gateway made is accepted (connections are accepted in order, so a
     * further one is the proof), and none but those in the gateway's pool is open.
     */
    private void awaitQuiet() throws Exception {
        Eventually.assertEventually(() -> assertThat(metric("sallyport_calls_in_flight")).isZero());
        try (RawClient fence = RawClient.connect(upstream.port())) {
            fence.send("GET " + FENCE + " HTTP/1.1\r\n\r\n").response();
        }
        Eventually.assertEventually(() -> assertThat((double) upstream.openConnections())
                .isEqualTo(metric("sallyport_endpoint_connections")));
    }

    private double metric(String name) throws IOException {
        return watched().admin("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private SeenRequest seen(Arrival arrival) throws Exception {
        ReceivedRequest request = arrival.request();
        JsonNode line = watched().awaitLine(String.valueOf(request.field("sallyport-call")));
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (Field field : request.fields()) {
            // How the gateway frames the body on its own connection says nothing about what it passed on.
            if (!field.name().equals("transfer-encoding") || !field.value().equals("chunked")) {
                fields.add(Map.entry(field.name(), field.value()));
            }
        }
        if (arrival.complete()) {
            request.trailers().forEach(field -> fields.add(Map.entry(field.name(), field.value())));
        }
        return new SeenRequest(
                request.method(),
                request.target(),
                fields,
                arrival.complete() ? request.bodyText() : "",
                arrival.complete(),
                line.get("path").stringValue(),
                line.get("authority").stringValue());
    }
}
