package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.call.Trace;
import dev.sallyport.gateway.http.Attempt;
import dev.sallyport.gateway.http.AttemptFailure;
import dev.sallyport.gateway.http.AttemptListener;
import dev.sallyport.gateway.http.ClientConnection;
import io.netty.buffer.ByteBuf;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One attempt of a forwarded call at one endpoint: from the wait for a connection to the end of the response. */
final class EndpointAttempt implements AttemptListener, ConnectionWaiter {
    private static final int SWITCHING_PROTOCOLS = 101;

    private enum State {
        QUEUED, CONNECTING, SENDING, AWAITING, ANSWERING, TUNNEL, OVER
    }

    private final ForwardedCall call;
    private final Endpoint endpoint;
    private final Trace.@Nullable Attempt trace;
    private State state = State.QUEUED;
    private @Nullable ConnectionPool pool;
    private @Nullable Attempt attempt;
    private boolean reused;
    private boolean paused;
    private long activeNanos;

    /** @param trace where the attempt is noted; null when the call is not traced */
    EndpointAttempt(ForwardedCall call, Endpoint endpoint, Trace.@Nullable Attempt trace) {
        this.call = call;
        this.endpoint = endpoint;
        this.trace = trace;
    }

    Trace.@Nullable Attempt trace() {
        return trace;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** @param fresh whether a connection that was used before will not do */
    void begin(boolean fresh) {
        endpoint.callBegan();
        ConnectionPool asked = endpoint.pool(call.context(), call.head().upgrade() != null);
        pool = asked;
        asked.acquire(this, fresh);
    }

    @Override
    public void opening() {
        if (state == State.QUEUED) {
            state = State.CONNECTING;
            call.call().timeline().mark(Phase.QUEUE, call.context().time().nanos());
        }
    }

    @Override
    public void connected(ClientConnection connection, boolean usedBefore) {
        long now = call.context().time().nanos();
        if (state == State.QUEUED) {
            call.call().timeline().mark(Phase.QUEUE, now);
        }
        call.call().timeline().mark(Phase.CONNECT, now);
        state = State.SENDING;
        reused = usedBefore;
        pool = null;
        call.send(this, connection, now);
    }

    void began(Attempt begun, long now) {
        attempt = begun;
        activeNanos = now;
    }

    boolean hasConnection() {
        return attempt != null;
    }

    void chunk(ByteBuf chunk, long now) {
        activeNanos = now;
        if (attempt == null) {
            chunk.release();
        } else {
            attempt.chunk(chunk);
        }
    }

    void end(Headers trailers) {
        if (attempt != null) {
            attempt.end(trailers);
        }
    }

    void requestSent(long now) {
        activeNanos = now;
        call.call().timeline().mark(Phase.SEND, now);
        if (state == State.SENDING) {
            state = State.AWAITING;
        }
    }

    /** Whether more of the request can be taken. */
    boolean takesMore() {
        return attempt != null && attempt.writable();
    }

    void pause() {
        if (attempt != null && !paused) {
            paused = true;
            attempt.pauseResponse();
        }
    }

    void resume() {
        if (attempt != null && paused) {
            paused = false;
            active();
            attempt.resumeResponse();
        }
    }

    void cancel() {
        Attempt cancelled = attempt;
        ConnectionPool left = pool;
        over();
        if (cancelled != null) {
            cancelled.cancel();
        } else if (left != null) {
            left.forget(this);
        }
    }

    private void over() {
        if (state != State.OVER) {
            state = State.OVER;
            attempt = null;
            pool = null;
            endpoint.callEnded();
            if (trace != null) {
                trace.ended(call.context().time().nanos());
            }
        }
    }

    @Override
    public void unavailable(AttemptFailure failure) {
        failed(failure);
    }

    @Override
    public void interim(ResponseHead interim) {
        if (state != State.OVER) {
            call.listener().interim(interim);
        }
    }

    @Override
    public void response(ResponseHead response, boolean end) {
        if (state == State.OVER) {
            return;
        }
        if (trace != null) {
            trace.answered(response.status());
        }
        if (Repetition.discredits(response.status())) {
            endpoint.health().failed();
            if (Repetition.unavailable(response.status()) && call.repeatsElsewhere(this)) {
                return;
            }
        } else {
            endpoint.health().succeeded();
        }
        activeNanos = call.context().time().nanos();
        call.call().timeline().mark(Phase.FIRST_BYTE, activeNanos);
        if (end) {
            over();
            call.finish();
        } else {
            state = response.status() == SWITCHING_PROTOCOLS ? State.TUNNEL : State.ANSWERING;
            call.arm(this);
        }
        call.listener().response(response, end);
    }

    @Override
    public void responseChunk(ByteBuf chunk) {
        if (state == State.OVER) {
            chunk.release();
            return;
        }
        activeNanos = call.context().time().nanos();
        call.listener().responseChunk(chunk);
    }

    @Override
    public void responseEnd(Headers trailers) {
        if (state != State.OVER) {
            over();
            call.finish();
            call.listener().responseEnd(trailers);
        }
    }

    @Override
    public void failed(AttemptFailure failure) {
        if (state == State.OVER) {
            return;
        }
        boolean answering = state == State.ANSWERING || state == State.TUNNEL;
        noteFailure(failure);
        over();
        if (answering) {
            call.failedAnswering(this, failure);
        } else {
            call.failedUnanswered(this, reused, failure);
        }
    }

    /** Notes why the attempt is about to end. */
    void noteFailure(AttemptFailure failure) {
        if (trace != null) {
            trace.failed(failure.code());
        }
    }

    @Override
    public void writable() {
        if (state != State.OVER) {
            active();
            call.listener().writable();
        }
    }

    private void active() {
        activeNanos = call.context().time().nanos();
        call.arm(this);
    }

    /** When the limit of the present state is reached; {@code otherwise} where it has none. */
    long limitAtNanos(long otherwise) {
        long idleNanos = TimeUnit.MILLISECONDS.toNanos(call.timeouts().idleMillis());
        return switch (state) {
            case SENDING -> takesMore() ? otherwise : activeNanos + idleNanos;
            case AWAITING -> activeNanos + TimeUnit.MILLISECONDS.toNanos(call.timeouts().firstByteMillis());
            case ANSWERING -> paused ? otherwise : activeNanos + idleNanos;
            case TUNNEL -> paused ? otherwise : activeNanos + Upstreams.TUNNEL_IDLE_NANOS;
            case QUEUED, CONNECTING, OVER -> otherwise;
        };
    }

    /** What the limit of the present state means when it has passed; null when it has none. */
    @Nullable
    AttemptFailure limitPassed() {
        return switch (state) {
            case SENDING -> failure(RefusalCode.UPSTREAM_IDLE_TIMEOUT,
                    "took nothing of the request for " + call.timeouts().idleMillis() + " ms");
            case AWAITING -> failure(RefusalCode.UPSTREAM_FIRST_BYTE_TIMEOUT,
                    "did not begin to answer within " + call.timeouts().firstByteMillis() + " ms");
            case ANSWERING -> failure(RefusalCode.UPSTREAM_IDLE_TIMEOUT,
                    "sent nothing of its response for " + call.timeouts().idleMillis() + " ms");
            case TUNNEL -> failure(RefusalCode.UPSTREAM_IDLE_TIMEOUT, "the tunnel was silent for too long");
            case QUEUED, CONNECTING, OVER -> null;
        };
    }

    AttemptFailure deadlinePassed() {
        if (state == State.QUEUED && pool != null) {
            return pool.exhausted();
        }
        return failure(RefusalCode.DEADLINE_EXCEEDED,
                "the call's deadline passed while it was " + state.name().toLowerCase(Locale.ROOT));
    }

    private AttemptFailure failure(RefusalCode code, String what) {
        return new AttemptFailure(code, endpoint.name() + ": " + what, false);
    }
}
