package dev.sallyport.gateway.pipeline;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.AnswerControl;
import dev.sallyport.gateway.call.AnswerHandling;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer on its way through the answer controls to the client. Its head is held back while a control gathers the
 * body, so that a refusal can still take its place. Confined to the call's event loop.
 */
final class AnswerPath {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerPath.class);
    private static final int SWITCHING_PROTOCOLS = 101;

    private final CallRun run;
    private final Relay relay;
    private final ResponseHead head;
    private final List<AnswerStage> stages;
    private final int lastGathering;
    private @Nullable Refusal cut;
    private @Nullable LateStep awaited;
    private boolean closed;

    private AnswerPath(CallRun run, Relay relay, ResponseHead head, List<AnswerStage> stages) {
        this.run = run;
        this.relay = relay;
        this.head = head;
        this.stages = stages;
        int last = stages.size() - 1;
        while (last >= 0 && !stages.get(last).gathers()) {
            last--;
        }
        lastGathering = last;
    }

    /** Opens the answer at every control; null when the call has ended, because one of them refused it or the client left. */
    static @Nullable AnswerPath open(CallRun run, Relay relay, ResponseHead head, List<AnswerControl> controls) {
        List<AnswerStage> stages = List.of();
        for (int i = 0; i < controls.size(); i++) {
            AnswerControl control = controls.get(i);
            Refusal refusal = null;
            try {
                run.call().ran(control.name());
                AnswerHandling handling = requireNonNull(control.open(run.call(), head), "handling is null");
                if (handling instanceof Refusal reason) {
                    refusal = reason;
                } else if (!(handling instanceof AnswerHandling.Pass)) {
                    if (stages.isEmpty()) {
                        stages = new ArrayList<>(controls.size());
                    }
                    stages.add(stage(control.name(), handling, head.status() == SWITCHING_PROTOCOLS));
                }
            } catch (Throwable thrown) {
                close(stages);
                run.controlFailed(control.name(), thrown);
                return null;
            }
            if (refusal != null || run.ended()) {
                close(stages);
                if (refusal != null) {
                    run.refuse(refusal);
                }
                return null;
            }
        }
        return new AnswerPath(run, relay, head, stages);
    }

    private static AnswerStage stage(String control, AnswerHandling handling, boolean tunnel) {
        AnswerStage stage = switch (handling) {
            case AnswerHandling.Stream stream -> new AnswerStage.Filtering(control, stream);
            case AnswerHandling.Whole whole -> new AnswerStage.Gathering(control, whole);
            case AnswerHandling.Withhold withhold -> new AnswerStage.Withholding(control, withhold);
            case AnswerHandling.Pass _,Refusal _ -> throw new IllegalArgumentException("no body is wanted");
        };
        if (tunnel && stage.gathers()) {
            throw new IllegalStateException("a tunnel has no body that could be gathered");
        }
        return stage;
    }

    /** The head has come; {@code end}: and no body will. */
    void begin(boolean end) {
        if (end) {
            if (mayGoWithoutBody()) {
                relay.head(head(keepLengthFrom(0) ? head.contentLength() : RequestHead.UNKNOWN_LENGTH), true);
            }
        } else if (lastGathering < 0) {
            sendHead(head.contentLength(), 0);
        }
    }

    private boolean mayGoWithoutBody() {
        for (int i = 0; i < stages.size(); i++) {
            AnswerStage stage = stages.get(i);
            Refusal refusal;
            try {
                refusal = stage.withoutBody();
            } catch (Throwable thrown) {
                run.controlFailed(stage.name(), thrown);
                return false;
            }
            if (refusal != null) {
                run.refuse(refusal);
                return false;
            }
        }
        return true;
    }

    /** Sends the head; {@code contentLength}: of what enters stage {@code first}. */
    private void sendHead(long contentLength, int first) {
        relay.head(head(keepLengthFrom(first) ? contentLength : RequestHead.UNKNOWN_LENGTH), false);
    }

    private ResponseHead head(long contentLength) {
        return contentLength == head.contentLength() ? head
                : new ResponseHead(head.status(), head.headers(), contentLength);
    }

    private boolean keepLengthFrom(int first) {
        for (int i = first; i < stages.size(); i++) {
            if (!stages.get(i).keepsLength()) {
                return false;
            }
        }
        return true;
    }

    /** Takes ownership of {@code chunk}. */
    void chunk(ByteBuf chunk) {
        if (stages.isEmpty()) {
            relay.pass(chunk);
        } else {
            flow(0, chunk);
        }
    }

    /** Sends {@code bytes} through the stages from {@code first} on; returns whether the answer goes on. */
    private boolean flow(int first, ByteBuf bytes) {
        ByteBuf passing = bytes;
        for (int i = first; i < stages.size(); i++) {
            if (closed) {
                passing.release();
                return false;
            }
            AnswerStage stage = stages.get(i);
            AnswerStep step;
            try {
                step = stage.chunk(passing);
            } catch (Throwable thrown) {
                run.controlFailed(stage.name(), thrown);
                return false;
            }
            switch (step) {
                case AnswerStep.Go(ByteBuf next) -> passing = next;
                case AnswerStep.Last(ByteBuf next, Refusal reason) -> {
                    cutShort(reason);
                    if (flow(i + 1, next)) {
                        finish(i + 1, new Headers(0));
                    }
                    return false;
                }
                case Refusal reason -> {
                    run.refuse(reason);
                    return false;
                }
                case AnswerStep.Later later -> {
                    return outOfTurn(stage, later);
                }
            }
        }
        return deliver(passing);
    }

    private boolean deliver(ByteBuf bytes) {
        if (closed || !bytes.isReadable()) {
            bytes.release();
        } else {
            relay.pass(bytes);
        }
        return !closed;
    }

    private boolean outOfTurn(AnswerStage stage, AnswerStep.Later later) {
        LateStep.discard(later);
        run.controlFailed(stage.name(), new IllegalStateException("only the end of a body may be answered later"));
        return false;
    }

    private void cutShort(Refusal reason) {
        cut = reason;
        run.call().refused(reason);
        relay.cancelUpstream();
    }

    /** The upstream has ended the answer. */
    void end(Headers trailers) {
        finish(0, trailers);
    }

    private void finish(int first, Headers trailers) {
        if (finishFrom(first, trailers) && lookAt(trailers)) {
            relay.complete(trailers, cut);
        }
    }

    private boolean lookAt(Headers trailers) {
        if (trailers.isEmpty()) {
            return true;
        }
        for (AnswerControl control : run.answerControls()) {
            try {
                control.trailers(run.call(), trailers);
            } catch (Throwable thrown) {
                run.controlFailed(control.name(), thrown);
                return false;
            }
        }
        return true;
    }

    /** Ends the stages from {@code first} on, each behind what the one before it still had; returns whether all have ended. */
    private boolean finishFrom(int first, Headers trailers) {
        for (int i = first; i < stages.size() && !closed; i++) {
            AnswerStage stage = stages.get(i);
            AnswerStep step;
            try {
                step = stage.end(trailers);
            } catch (Throwable thrown) {
                run.controlFailed(stage.name(), thrown);
                return false;
            }
            if (step instanceof AnswerStep.Later later) {
                int index = i;
                awaited = LateStep.await(run, stage.name(), later, arrived -> {
                    if (rest(arrived, index)) {
                        finish(index + 1, trailers);
                    }
                });
                return false;
            }
            if (!rest(step, i)) {
                return false;
            }
        }
        return !closed;
    }

    /** Passes on what stage {@code i} ends with; returns whether the answer goes on. */
    private boolean rest(AnswerStep step, int i) {
        ByteBuf rest;
        switch (step) {
            case AnswerStep.Go(ByteBuf bytes) -> rest = bytes;
            case AnswerStep.Last(ByteBuf bytes, Refusal reason) -> {
                cutShort(reason);
                rest = bytes;
            }
            case Refusal reason -> {
                run.refuse(reason);
                return false;
            }
            case AnswerStep.Later later -> {
                return outOfTurn(stages.get(i), later);
            }
        }
        if (i == lastGathering) {
            sendHead(rest.readableBytes(), i + 1);
        }
        return flow(i + 1, rest);
    }

    /** The call has ended. */
    void close() {
        if (!closed) {
            closed = true;
            if (awaited != null) {
                awaited.cancel();
            }
            close(stages);
        }
    }

    private static void close(List<AnswerStage> stages) {
        for (int i = 0; i < stages.size(); i++) {
            try {
                stages.get(i).close();
            } catch (Throwable thrown) {
                LOG.error("control {} failed to let go of an answer", stages.get(i).name(), thrown);
            }
        }
    }
}
