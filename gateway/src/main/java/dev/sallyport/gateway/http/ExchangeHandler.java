package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Refusal;

/** Who answers the exchanges of a listener. Shared by all event loops. */
public interface ExchangeHandler {
    /** A request's head has arrived; called on the exchange's loop. */
    void handle(Exchange exchange);

    /**
     * A request was refused before it became an exchange: malformed, too large, too slow. The protocol has answered it
     * already; this is for the record.
     *
     * @param callId the id that the answer carried
     */
    void refused(Peer peer, String callId, Refusal reason);
}
