package dev.sallyport.app.demo;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * A loopback HTTP server that puts the {@link DigitClassifier} behind {@code POST /predict}, as a team would serve a
 * model of theirs: without any guard, for that is the gateway's job.
 *
 * <p>The body is {@code {"pixels": [64 numbers from 0 to 16]}}; the answer {@code {"digit": 7, "scores": [...]}}. What
 * it cannot read is 400, more than {@value #BODY_BYTES_MAX} bytes is 413, another method is 405, another path 404; each
 * with {@code {"error": "..."}}. {@code GET /healthz} says that it is up.
 */
public final class DigitServer implements AutoCloseable {
    /** The largest body that is read, in bytes; a picture needs a tenth of it. */
    static final int BODY_BYTES_MAX = 4096;

    private static final ObjectReader JSON = JsonMapper.shared().reader();

    private final DigitClassifier classifier;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

    private DigitServer(DigitClassifier classifier, HttpServer server) {
        this.classifier = requireNonNull(classifier, "classifier is null");
        this.server = requireNonNull(server, "server is null");
    }

    /**
     * Starts a server on a free loopback port.
     *
     * @throws IOException if no port can be bound
     */
    public static DigitServer start(DigitClassifier classifier) throws IOException {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        DigitServer started = new DigitServer(classifier, HttpServer.create(loopback, 0));
        started.server.createContext("/", started::handle);
        started.server.setExecutor(started.workers);
        started.server.start();
        return started;
    }

    /** Where it listens, for example {@code http://127.0.0.1:41235}. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Stops at once. */
    @Override
    public void close() {
        server.stop(0);
        workers.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            byte[] body = JsonMapper.shared().writeValueAsBytes(answer.body());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        return switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
            case "POST /predict" -> predict(exchange);
            case "GET /healthz" -> new Answer(200, Map.of("status", "ok"));
            case String other when other.endsWith(" /predict") -> refuse(405, "use POST");
            case String _ -> refuse(404, "there is only POST /predict and GET /healthz");
        };
    }

    private Answer predict(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            return refuse(413, "the body is larger than " + BODY_BYTES_MAX + " bytes");
        }
        try {
            return new Answer(200, classifier.classify(pixels(JSON.readTree(body))));
        } catch (JacksonException e) {
            return refuse(400, "the body is not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            return refuse(400, String.valueOf(e.getMessage()));
        }
    }

    private static double[] pixels(JsonNode body) {
        JsonNode pixels = body.path("pixels");
        if (!pixels.isArray()) {
            throw new IllegalArgumentException("send {\"pixels\": [64 numbers from 0 to 16]}");
        }
        double[] values = new double[pixels.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode pixel = pixels.get(i);
            if (!pixel.isNumber()) {
                throw new IllegalArgumentException("pixel %d is not a number".formatted(i));
            }
            values[i] = pixel.doubleValue();
        }
        return values;
    }

    private static Answer refuse(int status, String error) {
        return new Answer(status, Map.of("error", error));
    }

    private record Answer(int status, Object body) {}
}
