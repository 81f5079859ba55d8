package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Trace;
import dev.sallyport.gateway.http.Attempt;
import dev.sallyport.gateway.http.AttemptFailure;
import dev.sallyport.gateway.http.ClientConnection;
import dev.sallyport.gateway.http.LoopContext;
import dev.sallyport.gateway.http.LoopTimer;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way to an upstream: the attempts that it takes, one after another, under one deadline. To the call
 * path it is a single attempt. Confined to the call's loop.
 *
 * <p>One time-out object serves all clocks: it is set to the nearest instant at which something could be due, and looks
 * then at what that is.
 */
final class ForwardedCall extends LoopTimer.Timeout implements Attempt {
    private final Upstream upstream;
    private final Upstream.Settings settings;
    private final Call call;
    private final RequestHead head;
    private final boolean complete;
    private final LoopContext context;
    private final ForwardListener listener;

    private @Nullable EndpointAttempt current;
    private @Nullable PendingRequest pending;
    private boolean over;
    private boolean told;
    private boolean bodyTaken;
    private boolean requestEnded;
    private boolean repeatedStale;
    private int retries;

    /** @param complete whether the request is complete with its head */
    ForwardedCall(
            Upstream upstream, Upstream.Settings settings, Call call, RequestHead head, boolean complete,
            LoopContext context, ForwardListener listener) {
        this.upstream = upstream;
        this.settings = settings;
        this.call = call;
        this.head = head;
        this.complete = complete;
        this.context = context;
        this.listener = listener;
        requestEnded = complete;
    }

    void begin() {
        long now = context.time().nanos();
        call.shorten(now, TimeUnit.MILLISECONDS.toNanos(timeouts().totalMillis()));
        if (call.deadline().passed(now)) {
            fail(new AttemptFailure(RefusalCode.DEADLINE_EXCEEDED,
                    upstream.id() + ": the deadline passed before the call was forwarded", true));
            return;
        }
        Endpoint picked = Balancer.pick(settings.endpoints(), null, context.random());
        if (picked == null) {
            fail(new AttemptFailure(RefusalCode.NO_HEALTHY_ENDPOINT,
                    upstream.id() + ": the active check finds every endpoint down", true));
        } else {
            tryAt(picked, false);
        }
    }

    Call call() {
        return call;
    }

    RequestHead head() {
        return head;
    }

    LoopContext context() {
        return context;
    }

    ForwardListener listener() {
        return listener;
    }

    Timeouts timeouts() {
        return settings.spec().timeouts();
    }

    private void tryAt(Endpoint endpoint, boolean fresh) {
        call.attempted(endpoint.name());
        if (head.upgrade() != null && !endpoint.tunnels()) {
            fail(new AttemptFailure(RefusalCode.NOT_IMPLEMENTED,
                    endpoint.name() + ": tunnels need HTTP/1.1, and the upstream is set to HTTP/2", true));
            return;
        }
        Trace trace = call.trace();
        EndpointAttempt begun = new EndpointAttempt(this, endpoint,
                trace == null ? null : trace.attempt(endpoint.name(), context.time().nanos()));
        current = begun;
        begun.begin(fresh);
        if (current == begun && !armed()) {
            context.timer().armAt(this, call.deadline().atNanos());
        }
    }

    /** {@code asking} has a connection: sends the request's head on it, and what came of the body meanwhile. */
    void send(EndpointAttempt asking, ClientConnection connection, long now) {
        long remaining = call.deadline().remainingNanos(now);
        RequestHead sent = UpstreamHead.of(head, asking.endpoint(), settings.spec(), remaining,
                asking.trace());
        Attempt begun = connection.send(sent, complete, asking);
        if (current != asking) {
            return; // it failed at once, and something else is under way by now
        }
        asking.began(begun, now);
        if (pending != null) {
            bodyTaken = true;
            pending.sendTo(begun);
        }
        if (current != asking) {
            return;
        }
        if (requestEnded || head.upgrade() != null) {
            asking.requestSent(now);
        }
        arm(asking);
        if (!told) {
            told = true;
            listener.ready();
        } else if (!requestEnded && begun.writable()) {
            listener.writable();
        }
    }

    @Override
    public void chunk(ByteBuf chunk) {
        if (over) {
            chunk.release();
            return;
        }
        EndpointAttempt sending = sending();
        if (sending == null) {
            pending().add(chunk);
            return;
        }
        bodyTaken = true;
        long now = context.time().nanos();
        sending.chunk(chunk, now);
        if (current == sending && !sending.takesMore()) {
            arm(sending);
        }
    }

    @Override
    public void end(Headers trailers) {
        if (over || requestEnded) {
            return;
        }
        requestEnded = true;
        EndpointAttempt sending = sending();
        if (sending == null) {
            pending().end(trailers);
            return;
        }
        bodyTaken = true;
        sending.end(trailers);
        if (current == sending && head.upgrade() == null) {
            long now = context.time().nanos();
            sending.requestSent(now);
            arm(sending);
        }
    }

    private @Nullable EndpointAttempt sending() {
        return current != null && current.hasConnection() ? current : null;
    }

    private PendingRequest pending() {
        if (pending == null) {
            pending = new PendingRequest();
        }
        return pending;
    }

    @Override
    public boolean writable() {
        EndpointAttempt sending = sending();
        return sending != null && sending.takesMore();
    }

    @Override
    public void pauseResponse() {
        if (current != null) {
            current.pause();
        }
    }

    @Override
    public void resumeResponse() {
        if (current != null) {
            current.resume();
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            EndpointAttempt cancelled = current;
            finish();
            if (cancelled != null) {
                cancelled.cancel();
            }
        }
    }

    /** {@code asking} was answered with a status that says that the endpoint cannot serve now; returns whether the call goes elsewhere. */
    boolean repeatsElsewhere(EndpointAttempt asking) {
        boolean repeats = Repetition.idempotent(head, complete)
                && Balancer.anotherHealthy(settings.endpoints(), asking.endpoint()) && takeRetry();
        if (repeats) {
            asking.cancel();
            retry(asking.endpoint());
        }
        return repeats;
    }

    /** {@code failed} came to nothing before its response began. */
    void failedUnanswered(EndpointAttempt failed, boolean reused, AttemptFailure failure) {
        boolean allowed = Repetition.allowed(failure, head, complete, bodyTaken)
                && !call.deadline().passed(context.time().nanos());
        current = null;
        if (allowed && reused && !repeatedStale) {
            // Most likely the endpoint closed an idle connection: that is no fault of it, and costs the budget nothing.
            repeatedStale = true;
            tryAt(failed.endpoint(), true);
            return;
        }
        if (Repetition.discredits(failure)) {
            failed.endpoint().health().failed();
        }
        if (allowed && takeRetry()) {
            retry(failed.endpoint());
        } else {
            fail(failure);
        }
    }

    /** {@code failed} broke off after its response had begun: too late to repeat anything. */
    void failedAnswering(EndpointAttempt failed, AttemptFailure failure) {
        if (Repetition.discredits(failure)) {
            failed.endpoint().health().failed();
        }
        fail(failure);
    }

    private boolean takeRetry() {
        if (retries >= settings.spec().retries() || call.deadline().passed(context.time().nanos())) {
            return false;
        }
        int inFlight = 1;
        for (Endpoint each : settings.endpoints()) {
            inFlight += each.callsInFlight();
        }
        if (!upstream.budget().take(inFlight, settings.spec().retryBudget())) {
            return false;
        }
        retries++;
        return true;
    }

    private void retry(Endpoint failed) {
        Endpoint next = Balancer.pick(settings.endpoints(), failed, context.random());
        tryAt(next == null ? failed : next, false);
    }

    /** Sets the clock to the nearest instant at which something of {@code asking} is due. */
    void arm(EndpointAttempt asking) {
        long deadlineNanos = call.deadline().atNanos();
        long limitNanos = asking.limitAtNanos(deadlineNanos);
        context.timer().armAt(this, limitNanos - deadlineNanos < 0 ? limitNanos : deadlineNanos);
    }

    @Override
    protected void expired() {
        EndpointAttempt waiting = current;
        if (waiting == null) {
            return;
        }
        long now = context.time().nanos();
        AttemptFailure failure = null;
        if (call.deadline().passed(now)) {
            failure = waiting.deadlinePassed();
        } else if (waiting.limitAtNanos(call.deadline().atNanos()) - now <= 0) {
            failure = waiting.limitPassed();
        }
        if (failure == null) {
            arm(waiting);
            return;
        }
        if (Repetition.discredits(failure)) {
            waiting.endpoint().health().failed();
        }
        waiting.noteFailure(failure);
        cancel();
        listener.failed(failure);
    }

    /** The call is complete or has failed: no clock runs and nothing is kept any more. */
    void finish() {
        over = true;
        current = null;
        context.timer().disarm(this);
        if (pending != null) {
            pending.release();
        }
        if (retries > 0) {
            upstream.budget().giveBack(retries);
            retries = 0;
        }
    }

    private void fail(AttemptFailure failure) {
        finish();
        listener.failed(failure);
    }
}
