package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.AnswerControl;
import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.http.Exchange;
import dev.sallyport.gateway.http.ExchangeListener;
import dev.sallyport.gateway.http.LoopContext;
import dev.sallyport.gateway.http.LoopTimer;
import dev.sallyport.gateway.telemetry.CallSink;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call on its way through the gateway: route, the controls in order, then the relay to the upstream; and whatever
 * happens, exactly one end: settled, recorded, answered. Confined to the call's event loop.
 */
final class CallRun {
    private static final Logger LOG = LoggerFactory.getLogger(CallRun.class);

    private final Snapshot snapshot;
    private final CallSink sink;
    private final Exchange exchange;
    private final LoopContext context;
    private final Call call;
    private final GatheredBytes gathered;

    private List<Control> chunkControls = List.of();
    private @Nullable WholeBody wholeBody;
    private @Nullable Relay relay;
    private LoopTimer.@Nullable Timeout waiting;
    private boolean answering;
    private boolean ended;

    CallRun(Snapshot snapshot, CallSink sink, Exchange exchange, LoopContext context, Call call,
            GatheredBytes gathered) {
        this.snapshot = snapshot;
        this.sink = sink;
        this.exchange = exchange;
        this.context = context;
        this.call = call;
        this.gathered = gathered;
    }

    Exchange exchange() {
        return exchange;
    }

    Call call() {
        return call;
    }

    LoopContext context() {
        return context;
    }

    void begin() {
        exchange.listen(new ClientSide());
        try {
            snapshot.router().route(call);
        } catch (Throwable thrown) {
            controlFailed("route", thrown);
            return;
        }
        walk(0);
    }

    private void walk(int first) {
        List<Snapshot.Station> controls = snapshot.controls();
        for (int i = first; i < controls.size(); i++) {
            Snapshot.Station station = controls.get(i);
            Verdict verdict;
            try {
                call.ran(station.control().name());
                verdict = station.control().check(call);
            } catch (Throwable thrown) {
                controlFailed(station.control().name(), thrown);
                return;
            }
            if (verdict instanceof Verdict.Later later) {
                int next = i + 1;
                await(later, station.control().name(), arrived -> {
                    if (goesOn(station, arrived)) {
                        walk(next);
                    }
                });
                return;
            }
            if (!goesOn(station, verdict)) {
                return;
            }
        }
        if (wholeBody == null || !call.request().hasBody()) {
            wholeBody = null;
            forward(null);
        } else {
            exchange.resumeRequest();
        }
    }

    /** Takes a verdict that is final; returns whether the next control is to be asked. */
    private boolean goesOn(Snapshot.Station station, Verdict verdict) {
        call.timeline().mark(station.phase(), context.time().nanos());
        return switch (verdict) {
            case Verdict.Pass _ -> noteBodyNeed(station.control());
            case Verdict.Rewrite rewrite -> {
                rewrite.body().release();
                controlFailed(station.control().name(), new IllegalStateException("a head cannot be rewritten"));
                yield false;
            }
            case Refusal refusal -> {
                refuse(refusal);
                yield false;
            }
            case Verdict.Later _ -> {
                controlFailed(station.control().name(),
                        new IllegalStateException("a later verdict was followed by another"));
                yield false;
            }
        };
    }

    private boolean noteBodyNeed(Control control) {
        BodyNeed need;
        try {
            need = control.body(call);
        } catch (Throwable thrown) {
            controlFailed(control.name(), thrown);
            return false;
        }
        switch (need) {
            case BodyNeed.Nothing _ -> {}
            case BodyNeed.Chunks _ -> chunkControls = with(chunkControls, control);
            case BodyNeed.Whole whole -> {
                wholeBody = wholeBody == null ? new WholeBody(this, gathered) : wholeBody;
                wholeBody.wants(control, whole.bytesMax());
            }
        }
        return true;
    }

    static List<Control> with(List<Control> controls, Control another) {
        if (controls.isEmpty()) {
            return List.of(another);
        }
        List<Control> extended = new ArrayList<>(controls);
        extended.add(another);
        return extended;
    }

    /** Waits for a verdict, and passes it on unless the call ends before it comes. */
    void await(Verdict.Later later, String control, Consumer<Verdict> next) {
        LoopTimer.Timeout timeout = new LoopTimer.Timeout() {
            @Override
            protected void expired() {
                controlFailed(control, new TimeoutException("no verdict before the call's deadline"));
            }
        };
        waiting = timeout;
        context.timer().arm(timeout, call.deadline().remainingNanos(context.time().nanos()));
        later.outcome().whenComplete((verdict, thrown) -> {
            try {
                context.loop().execute(() -> {
                    if (ended || waiting != timeout) {
                        discard(verdict);
                    } else {
                        stopWaiting();
                        arrived(later, control, verdict, thrown, next);
                    }
                });
            } catch (RejectedExecutionException closed) {
                discard(verdict);
            }
        });
    }

    private void arrived(Verdict.Later later, String control, @Nullable Verdict verdict, @Nullable Throwable thrown,
            Consumer<Verdict> next) {
        if (thrown != null || verdict == null) {
            controlFailed(control, thrown != null ? thrown : new NullPointerException("verdict is null"));
            return;
        }
        try {
            later.arrival().run();
        } catch (Throwable failure) {
            discard(verdict);
            controlFailed(control, failure);
            return;
        }
        next.accept(verdict);
    }

    /** Lets go of a verdict that nobody takes any more. */
    static void discard(@Nullable Verdict verdict) {
        if (verdict instanceof Verdict.Rewrite(ByteBuf unwanted)) {
            unwanted.release();
        }
    }

    private void stopWaiting() {
        if (waiting != null) {
            context.timer().disarm(waiting);
            waiting = null;
        }
    }

    /** Forwards the call; {@code body} is the whole body when a control had needed it (ownership passes), else null. */
    void forward(@Nullable InspectedBody body) {
        Resource resource = call.resource();
        if (resource == null || call.caller() == null) {
            if (body != null) {
                body.bytes().release();
            }
            controlFailed("authorize",
                    new IllegalStateException("a call without caller or resource passed every control"));
            return;
        }
        boolean answersRead = false;
        for (AnswerControl control : snapshot.answers()) {
            try {
                answersRead |= control.readsBody(call);
            } catch (Throwable thrown) {
                if (body != null) {
                    body.bytes().release();
                }
                controlFailed(control.name(), thrown);
                return;
            }
        }
        relay = new Relay(this, body);
        relay.begin(snapshot.upstreams(), resource, answersRead);
    }

    List<AnswerControl> answerControls() {
        return snapshot.answers();
    }

    /** Lets every control that asked for it see {@code chunk}; returns whether all passed, else the call is refused. */
    private boolean chunkPasses(ByteBuf chunk) {
        for (Control control : chunkControls) {
            Verdict verdict;
            try {
                verdict = control.chunk(call, chunk);
            } catch (Throwable thrown) {
                controlFailed(control.name(), thrown);
                return false;
            }
            if (!(verdict instanceof Verdict.Pass)) {
                refuseBody(control, verdict);
                return false;
            }
        }
        return true;
    }

    /** Ends the call with a verdict on its body that is no pass. */
    void refuseBody(Control control, Verdict verdict) {
        if (verdict instanceof Refusal refusal) {
            refuse(refusal);
            return;
        }
        discard(verdict);
        controlFailed(control.name(), new IllegalStateException("no answer to a body: " + verdict));
    }

    void controlFailed(String control, Throwable thrown) {
        LOG.error("call {}: control {} failed; the call is refused", call.id(), control, thrown);
        call.failed("control " + control + ": " + thrown);
        refuse(Refusal.of(RefusalCode.CONTROL_FAILED, "The control '" + control + "' could not decide."));
    }

    /** Ends the call with a refusal; breaks the answer off when it has begun. */
    void refuse(Refusal refusal) {
        if (ended) {
            return;
        }
        call.refused(refusal);
        if (answering) {
            finish(refusal.code().outcome());
            exchange.abort();
            return;
        }
        call.answered(refusal.code().status());
        RefusalResponse response = RefusalResponse.of(call, refusal);
        call.sent(response.bodyBytes());
        finish(refusal.code().outcome());
        response.send(exchange);
    }

    /** The answer's head is about to go out: from now on a failure can only break it off. */
    void answering(int status) {
        answering = true;
        call.answered(status);
    }

    /** Settles and records the call, before its last byte leaves. The first reason wins. */
    void finish(Outcome outcome) {
        if (ended) {
            return;
        }
        ended = true;
        call.timeline().mark(Phase.LAST_BYTE, context.time().nanos());
        stopWaiting();
        if (relay != null) {
            relay.close();
        }
        if (wholeBody != null) {
            wholeBody.close();
        }
        for (Runnable settlement : call.takeSettlements()) {
            try {
                settlement.run();
            } catch (RuntimeException thrown) {
                LOG.error("call {}: a settlement failed", call.id(), thrown);
            }
        }
        call.timeline().mark(Phase.RECORD, context.time().nanos());
        call.ended(outcome);
        sink.ended(call);
    }

    boolean ended() {
        return ended;
    }

    /** What the client does. */
    private final class ClientSide implements ExchangeListener {
        @Override
        public void requestChunk(ByteBuf chunk) {
            if (ended) {
                chunk.release();
                return;
            }
            call.received(chunk.readableBytes());
            if (!chunkPasses(chunk)) {
                chunk.release();
            } else if (relay != null) {
                relay.requestChunk(chunk);
            } else if (wholeBody != null) {
                wholeBody.chunk(chunk);
            } else {
                chunk.release();
            }
        }

        @Override
        public void requestEnd(Headers trailers) {
            if (ended) {
                return;
            }
            if (relay != null) {
                relay.requestEnd(trailers);
            } else if (wholeBody != null) {
                wholeBody.end(trailers);
            }
        }

        @Override
        public void requestFailed(Refusal reason) {
            refuse(reason);
        }

        @Override
        public void disconnected() {
            if (!ended) {
                if (!answering) {
                    call.answered(RefusalCode.CLIENT_DISCONNECTED.status());
                }
                call.refused(Refusal.of(RefusalCode.CLIENT_DISCONNECTED, "The client hung up."));
                finish(Outcome.CLIENT);
            }
        }

        @Override
        public void writable() {
            if (!ended && relay != null) {
                relay.clientWritable();
            }
        }
    }
}
