package dev.sallyport.gateway.telemetry;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Refusal;

/** Two sinks as one. */
public record CallSinks(CallSink first, CallSink second) implements CallSink {
    public CallSinks {
        requireNonNull(first, "first is null");
        requireNonNull(second, "second is null");
    }

    @Override
    public void began(Call call) {
        first.began(call);
        second.began(call);
    }

    @Override
    public void ended(Call call) {
        first.ended(call);
        second.ended(call);
    }

    @Override
    public void refused(Peer peer, String callId, Refusal reason) {
        first.refused(peer, callId, reason);
        second.refused(peer, callId, reason);
    }
}
