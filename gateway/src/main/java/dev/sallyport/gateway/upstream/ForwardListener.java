package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.http.AttemptListener;

/** Who is told what becomes of a forwarded call: of the attempt that counts, whichever that turns out to be. */
public interface ForwardListener extends AttemptListener {
    /**
     * An attempt has a connection and its head is on the wire: the request's body may begin. Called once for the first
     * attempt that gets so far; later attempts happen only for requests of which no body was taken.
     */
    void ready();
}
