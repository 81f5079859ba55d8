package dev.sallyport.gateway.http;

/** An open connection of a client, whatever its version of HTTP. Confined to its event loop. */
public interface ServerConnection {
    /** Takes no further requests, lets the exchanges under way end, then closes: GOAWAY, or {@code Connection: close}. */
    void drain();
}
