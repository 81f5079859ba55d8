package dev.sallyport.gateway.telemetry;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Refusal;

/** Who is told of every call. Called on event loops: must not block, bounds what it queues and counts what it drops. */
public interface CallSink {
    /** A request has become a call; {@link #ended} follows exactly once. */
    default void began(Call call) {}

    void ended(Call call);

    /** A request that was refused before it became a call. */
    void refused(Peer peer, String callId, Refusal reason);
}
