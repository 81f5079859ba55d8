package dev.sallyport.app.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.http.Exchange;
import dev.sallyport.gateway.http.ExchangeHandler;
import dev.sallyport.gateway.http.ExchangeListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin listener's answers: {@code /livez} (the event loops turn), {@code /readyz} (send calls here, or not) and
 * {@code /metrics} (Prometheus text, or OpenMetrics when asked for). It serves {@code GET} and {@code HEAD} only.
 */
public final class AdminHandler implements ExchangeHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(AdminHandler.class);
    /** Each takes a thread and the memory of a page. */
    private static final int SCRAPES_MAX = 4;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    private final Supplier<Readiness> readiness;
    private final MetricsPage metrics;
    private final Semaphore scrapes = new Semaphore(SCRAPES_MAX);

    /** @param readiness asked on event loops: must not block */
    public AdminHandler(Supplier<Readiness> readiness, MetricsPage metrics) {
        this.readiness = requireNonNull(readiness, "readiness is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.listen(Indifferent.LISTENER);
        String method = exchange.request().method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            respond(exchange, 405, TEXT, "Only GET and HEAD are served here.\n", "allow", "GET, HEAD");
            return;
        }
        switch (exchange.request().path()) {
            case "/livez" -> respond(exchange, 200, TEXT, "alive\n");
            case "/readyz" -> {
                Readiness now = readiness.get();
                respond(exchange, now.ready() ? 200 : 503, JSON, now.toJson());
            }
            case "/metrics" -> scrape(exchange);
            default -> respond(exchange, 404, TEXT, "Here are /livez, /readyz and /metrics.\n");
        }
    }

    @Override
    public void refused(Peer peer, String callId, Refusal reason) {
        LOGGER.debug("The admin listener refused a request of {}: {}", peer.client(), reason.code().text());
    }

    /** Sums up and prints some thousand lines, which is too long for an event loop. */
    private void scrape(Exchange exchange) {
        if (!scrapes.tryAcquire()) {
            respond(exchange, 503, TEXT, "Too many scrapes at once.\n", "retry-after", "1");
            return;
        }
        MetricsFormat format = MetricsFormat.accepted(exchange.request().headers().all("accept"));
        Thread.ofVirtual().name("scrape").start(() -> {
            try {
                byte[] page = metrics.render(format);
                exchange.loop().execute(() -> respond(exchange, 200, format.mediaType(), page));
            } catch (Exception failure) {
                LOGGER.error("The metrics could not be rendered", failure);
                exchange.loop().execute(() -> respond(exchange, 500, TEXT,
                        "The metrics could not be rendered; the log holds the cause.\n"));
            } finally {
                scrapes.release();
            }
        });
    }

    private static void respond(Exchange exchange, int status, String mediaType, String body, String... fields) {
        respond(exchange, status, mediaType, body.getBytes(US_ASCII), fields);
    }

    private static void respond(Exchange exchange, int status, String mediaType, byte[] body, String... fields) {
        Headers headers = Headers.of(fields);
        headers.add("content-type", mediaType);
        headers.add("cache-control", "no-store");
        headers.add("x-content-type-options", "nosniff");
        boolean bodiless = exchange.request().method().equals("HEAD");
        exchange.respond(new ResponseHead(status, headers, body.length), bodiless);
        if (!bodiless) {
            exchange.chunk(Unpooled.wrappedBuffer(body));
            exchange.end(new Headers(0));
        }
    }

    /** Nothing that a client sends or does changes an answer. */
    private enum Indifferent implements ExchangeListener {
        LISTENER;

        @Override
        public void requestChunk(ByteBuf chunk) {
            chunk.release();
        }

        @Override
        public void requestEnd(Headers trailers) {}

        @Override
        public void requestFailed(Refusal reason) {}

        @Override
        public void disconnected() {}

        @Override
        public void writable() {}
    }
}
