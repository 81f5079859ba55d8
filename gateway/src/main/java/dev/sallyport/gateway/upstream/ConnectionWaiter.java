package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.http.AttemptFailure;
import dev.sallyport.gateway.http.ClientConnection;

/** Who wants a connection from a pool. Called on the pool's loop. */
interface ConnectionWaiter {
    /** No connection was free, but one is being opened. */
    void opening();

    /**
     * Here is one. It may be used for one attempt, begun within this call.
     *
     * @param reused whether it has carried an attempt before, so that the peer may have closed it unseen
     */
    void connected(ClientConnection connection, boolean reused);

    /** There is none, and none will come. */
    void unavailable(AttemptFailure failure);
}
