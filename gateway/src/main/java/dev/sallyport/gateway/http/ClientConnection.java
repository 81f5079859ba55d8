package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RequestHead;

/** An open connection to an endpoint, bound to one event loop: every method is called on it. */
public interface ClientConnection {
    /** HTTP/1.1 or HTTP/2. */
    Protocol protocol();

    /**
     * Sends a request.
     *
     * @param head as it goes on the wire: {@code path} and {@code authority} are the upstream's, hop-by-hop fields are absent
     * @param end  whether the request is complete with its head
     */
    Attempt send(RequestHead head, boolean end, AttemptListener listener);

    /** How many further attempts it can take now: 0 or 1 for HTTP/1.1, up to the peer's limit for HTTP/2; 0 for ever once it is closing. */
    int capacity();

    boolean open();

    /** Whether no attempt is under way on it. */
    boolean idle();

    /** Takes no further attempts, lets those in flight end, then closes. */
    void drain();

    /** Closes it at once; attempts under way fail. */
    void close();
}
