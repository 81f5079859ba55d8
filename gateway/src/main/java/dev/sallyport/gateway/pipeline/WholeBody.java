package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request's body, kept until it is whole because controls must see all of it, and then shown to them in order. Owns
 * the body until it is forwarded or the call ends. Confined to the call's event loop.
 */
final class WholeBody {
    private static final Refusal OVERLOADED =
            Refusal.of(RefusalCode.OVERLOADED, "Too many request bodies are being inspected at once.");

    private final CallRun run;
    private final GatheredBytes gathered;
    private List<Control> controls = List.of();
    private long bytesMax = Long.MAX_VALUE;
    private long held;
    private @Nullable BodyBuffer buffer;
    private @Nullable ByteBuf body;
    private boolean rewritten;
    private Headers trailers = new Headers(0);

    WholeBody(CallRun run, GatheredBytes gathered) {
        this.run = run;
        this.gathered = gathered;
    }

    /** {@code control} is to see the body, if it has at most {@code most} bytes. */
    void wants(Control control, long most) {
        controls = CallRun.with(controls, control);
        bytesMax = Math.min(bytesMax, most);
    }

    /** Takes ownership of {@code chunk}. */
    void chunk(ByteBuf chunk) {
        int bytes = chunk.readableBytes();
        if (!gathered.take(bytes)) {
            chunk.release();
            run.refuse(OVERLOADED);
            return;
        }
        held += bytes;
        if (buffer == null) {
            buffer = new BodyBuffer(bytesMax);
        }
        if (!buffer.take(chunk)) {
            run.refuse(BodyBuffer.tooLarge(bytesMax));
        }
    }

    /** The body is whole: shows it to every control that wants it, and forwards what they make of it. */
    void end(Headers ofTheEnd) {
        trailers = ofTheEnd;
        body = buffer == null ? Unpooled.EMPTY_BUFFER : buffer.hand();
        buffer = null;
        show(0);
    }

    private void show(int first) {
        for (int i = first; i < controls.size(); i++) {
            ByteBuf shown = body;
            if (shown == null) {
                return;
            }
            Control control = controls.get(i);
            Verdict verdict;
            try {
                verdict = control.whole(run.call(), shown);
            } catch (Throwable thrown) {
                run.controlFailed(control.name(), thrown);
                return;
            }
            if (verdict instanceof Verdict.Later later) {
                int next = i + 1;
                run.await(later, control.name(), arrived -> {
                    if (goesOn(control, arrived)) {
                        show(next);
                    }
                });
                return;
            }
            if (!goesOn(control, verdict)) {
                return;
            }
        }
        forward();
    }

    private boolean goesOn(Control control, Verdict verdict) {
        if (verdict instanceof Verdict.Rewrite(ByteBuf another)) {
            if (body != null) {
                body.release();
            }
            body = another;
            rewritten = true;
        } else if (!(verdict instanceof Verdict.Pass)) {
            run.refuseBody(control, verdict);
            return false;
        }
        return true;
    }

    private void forward() {
        ByteBuf forwarded = body;
        body = null;
        run.call().timeline().mark(Phase.INSPECT, run.context().time().nanos());
        if (forwarded != null) {
            run.forward(new InspectedBody(forwarded, trailers, rewritten));
        }
    }

    /** The call has ended: lets go of what is still held. */
    void close() {
        gathered.giveBack(held);
        held = 0;
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
        if (body != null) {
            body.release();
            body = null;
        }
    }
}
