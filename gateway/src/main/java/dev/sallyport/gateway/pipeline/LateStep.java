package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.http.LoopContext;
import dev.sallyport.gateway.http.LoopTimer;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a control makes of an answer's end beside the event loop, and the clock until which the call waits for it. */
final class LateStep extends LoopTimer.Timeout {
    private final CallRun run;
    private final String control;
    private final Runnable arrival;
    private final Consumer<AnswerStep> next;
    private boolean over;

    private LateStep(CallRun run, String control, Runnable arrival, Consumer<AnswerStep> next) {
        this.run = run;
        this.control = control;
        this.arrival = arrival;
        this.next = next;
    }

    /** Has {@code next} take the step on the call's loop, unless the call ends or {@link #cancel} is called before it comes. */
    static LateStep await(CallRun run, String control, AnswerStep.Later later, Consumer<AnswerStep> next) {
        LateStep late = new LateStep(run, control, later.arrival(), next);
        LoopContext context = run.context();
        context.timer().arm(late, run.call().deadline().remainingNanos(context.time().nanos()));
        later.outcome().whenComplete((step, thrown) -> {
            try {
                context.loop().execute(() -> late.arrived(step, thrown));
            } catch (RejectedExecutionException closed) {
                discard(step);
            }
        });
        return late;
    }

    private void arrived(@Nullable AnswerStep step, @Nullable Throwable thrown) {
        if (over) {
            discard(step);
            return;
        }
        cancel();
        if (thrown != null || step == null) {
            run.controlFailed(control, thrown != null ? thrown : new NullPointerException("step is null"));
            return;
        }
        try {
            arrival.run();
        } catch (Throwable failure) {
            discard(step);
            run.controlFailed(control, failure);
            return;
        }
        next.accept(step);
    }

    /** Whoever waited does so no more. */
    void cancel() {
        if (!over) {
            over = true;
            run.context().timer().disarm(this);
        }
    }

    @Override
    protected void expired() {
        over = true;
        run.controlFailed(control, new TimeoutException("no answer to a body before the call's deadline"));
    }

    /** Lets go of a step that nobody takes. */
    static void discard(@Nullable AnswerStep step) {
        switch (step) {
            case AnswerStep.Go(ByteBuf bytes) -> bytes.release();
            case AnswerStep.Last(ByteBuf bytes, var _) -> bytes.release();
            case AnswerStep.Later later -> later.outcome().whenComplete((arrived, _) -> discard(arrived));
            case Refusal _ -> {}
            case null -> {}
        }
    }
}
