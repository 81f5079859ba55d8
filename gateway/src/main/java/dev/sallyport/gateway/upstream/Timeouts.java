package dev.sallyport.gateway.upstream;

/**
 * How long an upstream may take, each in milliseconds and at least 1.
 *
 * @param connectMillis   for a new connection, TLS included
 * @param firstByteMillis from the end of the request to the head of the response
 * @param idleMillis      between two bytes of a response
 * @param totalMillis     for the whole call with all its attempts; tunnels and streams of gRPC included
 */
public record Timeouts(long connectMillis, long firstByteMillis, long idleMillis, long totalMillis) {
    public static final Timeouts DEFAULTS = new Timeouts(1_000, 30_000, 60_000, 300_000);

    public Timeouts {
        if (connectMillis < 1 || firstByteMillis < 1 || idleMillis < 1 || totalMillis < 1) {
            throw new IllegalArgumentException("a timeout is below 1 ms");
        }
    }
}
