package dev.sallyport.gateway.pipeline;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Deadline;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.call.Timeline;
import dev.sallyport.gateway.http.Exchange;
import dev.sallyport.gateway.http.ExchangeHandler;
import dev.sallyport.gateway.http.LoopContext;
import dev.sallyport.gateway.http.Loops;
import dev.sallyport.gateway.telemetry.CallSink;
import dev.sallyport.gateway.telemetry.Tracing;
import java.util.concurrent.TimeUnit;

/** Where every call enters: gives it an id, a timeline, a deadline and the current snapshot, and sends it on its way. */
public final class CallPath implements ExchangeHandler {
    /** The longest that any call may take before its resource's own time-outs are known. */
    private static final long DEADLINE_NANOS = TimeUnit.HOURS.toNanos(24);

    private final Loops loops;
    private final Time time;
    private final CallSink sink;
    private final Tracing tracing;
    private final GatheredBytes gathered;
    private volatile Snapshot snapshot;

    public CallPath(Loops loops, Time time, CallSink sink, Tracing tracing, Snapshot snapshot) {
        this(loops, time, sink, tracing, snapshot, GatheredBytes.ofThisMachine());
    }

    CallPath(Loops loops, Time time, CallSink sink, Tracing tracing, Snapshot snapshot, GatheredBytes gathered) {
        this.loops = requireNonNull(loops, "loops is null");
        this.time = requireNonNull(time, "time is null");
        this.sink = requireNonNull(sink, "sink is null");
        this.tracing = requireNonNull(tracing, "tracing is null");
        this.snapshot = requireNonNull(snapshot, "snapshot is null");
        this.gathered = requireNonNull(gathered, "gathered is null");
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    /** Lets calls that begin from now on see {@code next}; those under way keep the one that they began with. */
    public void swap(Snapshot next) {
        snapshot = requireNonNull(next, "next is null");
    }

    @Override
    public void handle(Exchange exchange) {
        LoopContext context = loops.context(exchange.loop());
        long now = time.nanos();
        Timeline timeline = new Timeline(exchange.beganNanos());
        if (exchange.acceptedNanos() != exchange.beganNanos()) {
            timeline.mark(Phase.ACCEPT, exchange.acceptedNanos());
            if (exchange.peer().secure()) {
                timeline.mark(Phase.TLS, exchange.securedNanos());
            }
        }
        timeline.mark(Phase.PARSE, now);
        Deadline deadline = ClientDeadline.of(exchange.request().headers(), now, DEADLINE_NANOS);
        Call call = new Call(context.callIds().next(), exchange.request(), exchange.peer(), timeline,
                time.epochMillis(), deadline);
        tracing.begin(call, context.random(), now);
        sink.began(call);
        new CallRun(snapshot, sink, exchange, context, call, gathered).begin();
    }

    @Override
    public void refused(Peer peer, String callId, Refusal reason) {
        sink.refused(peer, callId, reason);
    }
}
