package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.AnswerControl;
import dev.sallyport.gateway.call.AnswerHandling;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer on its way through the answer controls to the client. Its head is held back while a control gathers the
 * whole body, so that a refusal can still take its place. Confined to the call's event loop.
 */
final class AnswerPath {
    private static final long UNKNOWN = RequestHead.UNKNOWN_LENGTH;

    private final CallRun run;
    private final Relay relay;
    private final ResponseHead head;
    private final List<AnswerStage> stages;
    private final boolean held;
    private boolean begun;
    private boolean closed;

    private AnswerPath(CallRun run, Relay relay, ResponseHead head, List<AnswerStage> stages) {
        this.run = run;
        this.relay = relay;
        this.head = head;
        this.stages = stages;
        held = stages.stream().anyMatch(AnswerStage::gathers);
    }

    /** Opens the answer at every control; null when one of them refused it, and the call has ended. */
    static @Nullable AnswerPath open(CallRun run, Relay relay, ResponseHead head, List<AnswerControl> controls) {
        List<AnswerStage> stages = controls.isEmpty() ? List.of() : new ArrayList<>(controls.size());
        AnswerPath path = null;
        for (AnswerControl control : controls) {
            Refusal refusal = null;
            try {
                run.call().ran(control.name());
                switch (control.open(run.call(), head)) {
                    case AnswerHandling.Pass _ -> {}
                    case AnswerHandling.Stream stream -> stages.add(new AnswerStage.Filtering(control.name(), stream));
                    case AnswerHandling.Whole whole -> stages.add(new AnswerStage.Gathering(control.name(), whole));
                    case Refusal reason -> refusal = reason;
                }
            } catch (Throwable thrown) {
                stages.forEach(AnswerStage::close);
                run.controlFailed(control.name(), thrown);
                return null;
            }
            if (refusal != null) {
                stages.forEach(AnswerStage::close);
                run.refuse(refusal);
                return null;
            }
        }
        path = new AnswerPath(run, relay, head, stages);
        return path;
    }

    /** The head has come; {@code end}: and no body will. */
    void begin(boolean end) {
        if (end) {
            if (closed) {
                return;
            }
            boolean lengthHolds = stages.stream().allMatch(AnswerStage::keepsLength);
            begun = true;
            relay.head(lengthHolds ? head : new ResponseHead(head.status(), head.headers(), UNKNOWN), true);
        } else if (!held) {
            sendHead(stages.stream().allMatch(AnswerStage::keepsLength) ? head.contentLength() : UNKNOWN);
        }
    }

    private void sendHead(long contentLength) {
        begun = true;
        relay.head(contentLength == head.contentLength() ? head
                : new ResponseHead(head.status(), head.headers(), contentLength), false);
    }

    /** Takes ownership of {@code chunk}. */
    void chunk(ByteBuf chunk) {
        if (stages.isEmpty()) {
            relay.pass(chunk);
            return;
        }
        flow(0, chunk);
    }

    /** Sends {@code bytes} through the stages from {@code first} on; returns whether the answer goes on. */
    private boolean flow(int first, ByteBuf bytes) {
        ByteBuf passing = bytes;
        for (int i = first; i < stages.size(); i++) {
            AnswerStage stage = stages.get(i);
            AnswerStep step = step(stage, passing);
            if (step == null) {
                return false;
            }
            switch (step) {
                case AnswerStep.Go(ByteBuf next) -> passing = next;
                case AnswerStep.Last(ByteBuf next, Refusal reason) -> {
                    run.call().refused(reason);
                    if (flow(i + 1, next) && finishFrom(i + 1)) {
                        complete(new Headers(0), reason);
                    }
                    return false;
                }
                case Refusal reason -> {
                    run.refuse(reason);
                    return false;
                }
            }
        }
        return deliver(passing);
    }

    private boolean deliver(ByteBuf bytes) {
        if (closed) {
            bytes.release();
            return false;
        }
        if (!bytes.isReadable()) {
            bytes.release();
            return true;
        }
        relay.pass(bytes);
        return !closed;
    }

    private @Nullable AnswerStep step(AnswerStage stage, ByteBuf bytes) {
        try {
            return stage.chunk(bytes);
        } catch (Throwable thrown) {
            run.controlFailed(stage.name(), thrown);
            return null;
        }
    }

    /** The upstream has ended the answer. */
    void end(Headers trailers) {
        for (AnswerStage stage : stages) {
            stage.trailers(trailers);
        }
        if (finishFrom(0)) {
            complete(trailers, null);
        }
    }

    /** Ends the stages from {@code first} on, each behind what the one before it still had; returns whether the call goes on. */
    private boolean finishFrom(int first) {
        for (int i = first; i < stages.size(); i++) {
            AnswerStage stage = stages.get(i);
            AnswerStep step;
            try {
                step = stage.end();
            } catch (Throwable thrown) {
                run.controlFailed(stage.name(), thrown);
                return false;
            }
            ByteBuf rest;
            switch (step) {
                case AnswerStep.Go(ByteBuf bytes) -> rest = bytes;
                case AnswerStep.Last(ByteBuf bytes, Refusal reason) -> {
                    run.call().refused(reason);
                    rest = bytes;
                }
                case Refusal reason -> {
                    run.refuse(reason);
                    return false;
                }
            }
            if (held && !begun && stages.subList(i + 1, stages.size()).stream().noneMatch(AnswerStage::gathers)) {
                boolean exact = stages.subList(i + 1, stages.size()).stream().allMatch(AnswerStage::keepsLength);
                sendHead(exact && stage.gathers() ? rest.readableBytes() : UNKNOWN);
            }
            if (!flow(i + 1, rest)) {
                return false;
            }
        }
        return !closed;
    }

    private void complete(Headers trailers, @Nullable Refusal reason) {
        relay.complete(trailers, reason);
    }

    /** The call has ended. */
    void close() {
        if (!closed) {
            closed = true;
            stages.forEach(AnswerStage::close);
        }
    }
}
