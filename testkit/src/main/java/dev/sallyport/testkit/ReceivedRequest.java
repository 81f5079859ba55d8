package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A request as an upstream got it. */
public final class ReceivedRequest {
    private static final long PATIENCE_SECONDS = 20;

    private final String method;
    private final String target;
    private final List<Field> fields;
    private final AtomicLong bodyBytes = new AtomicLong();
    private final CompletableFuture<MessageReader.Body> body = new CompletableFuture<>();

    ReceivedRequest(String method, String target, List<Field> fields) {
        this.method = requireNonNull(method, "method is null");
        this.target = requireNonNull(target, "target is null");
        this.fields = List.copyOf(fields);
    }

    public String method() {
        return method;
    }

    /** Path and query as they stood on the wire. */
    public String target() {
        return target;
    }

    public List<Field> fields() {
        return fields;
    }

    /** The first value of {@code name} (lower case), or null. */
    public @Nullable String field(String name) {
        return Field.first(fields, name);
    }

    /** How many bytes of body have arrived so far. */
    public long bodyBytes() {
        return bodyBytes.get();
    }

    /** The whole body; waits for it. */
    public byte[] body() throws InterruptedException, ExecutionException, TimeoutException {
        return body.get(PATIENCE_SECONDS, TimeUnit.SECONDS).bytes();
    }

    /** The fields behind the body; waits for it. */
    public List<Field> trailers() throws InterruptedException, ExecutionException, TimeoutException {
        return body.get(PATIENCE_SECONDS, TimeUnit.SECONDS).trailers();
    }

    public String bodyText() throws InterruptedException, ExecutionException, TimeoutException {
        return new String(body(), ISO_8859_1);
    }

    void received(int bytes) {
        bodyBytes.addAndGet(bytes);
    }

    void complete(MessageReader.Body whole) {
        body.complete(whole);
    }

    @Override
    public String toString() {
        return method + ' ' + target + ' ' + fields;
    }
}
