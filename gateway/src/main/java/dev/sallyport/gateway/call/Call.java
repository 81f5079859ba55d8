package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and everything known of it, from the first byte to the record. Confined to its event loop until it has
 * ended; read-only afterwards, when the access log's writer may hold it.
 */
public final class Call {
    private final String id;
    private final RequestHead request;
    private final Peer peer;
    private final Timeline timeline;
    private final long beganEpochMillis;
    private final List<String> controls = new ArrayList<>(10);

    private Deadline deadline;
    private @Nullable Caller caller;
    private @Nullable Resource resource;
    private Action action = Action.INVOKE;
    private String upstreamPath;
    private Measure measure = Measure.ONE;
    private @Nullable String traceParent;
    private @Nullable String traceState;
    private @Nullable Trace trace;
    private @Nullable Reservation reservation;
    private @Nullable Headers answerFields;
    private @Nullable List<Runnable> settlements;

    private @Nullable Refusal refusal;
    private @Nullable Outcome outcome;
    private int status;
    private int attempts;
    private @Nullable String endpoint;
    private @Nullable String failure;
    private long requestBytes;
    private long responseBytes;

    public Call(String id, RequestHead request, Peer peer, Timeline timeline, long beganEpochMillis,
            Deadline deadline) {
        this.id = requireNonNull(id, "id is null");
        this.request = requireNonNull(request, "request is null");
        this.peer = requireNonNull(peer, "peer is null");
        this.timeline = requireNonNull(timeline, "timeline is null");
        this.beganEpochMillis = beganEpochMillis;
        this.deadline = requireNonNull(deadline, "deadline is null");
        this.upstreamPath = request.path();
    }

    public String id() {
        return id;
    }

    public RequestHead request() {
        return request;
    }

    public Peer peer() {
        return peer;
    }

    public Timeline timeline() {
        return timeline;
    }

    public long beganEpochMillis() {
        return beganEpochMillis;
    }

    public Deadline deadline() {
        return deadline;
    }

    /** Moves the deadline nearer; a later one is ignored. */
    public void shorten(long nowNanos, long durationNanos) {
        deadline = deadline.within(nowNanos, durationNanos);
    }

    /** The verified caller; null until it is identified. */
    public @Nullable Caller caller() {
        return caller;
    }

    public void identified(Caller verified) {
        caller = requireNonNull(verified, "verified is null");
    }

    /** What is called; null when nothing of that name exists. */
    public @Nullable Resource resource() {
        return resource;
    }

    public Action action() {
        return action;
    }

    /** The path to ask the upstream for, absolute, without query. */
    public String upstreamPath() {
        return upstreamPath;
    }

    public void routed(Resource target, Action intended, String path) {
        resource = requireNonNull(target, "target is null");
        action = requireNonNull(intended, "intended is null");
        upstreamPath = requireNonNull(path, "path is null");
    }

    /** How much the request asks for; {@link Measure#ONE} until its content was looked into. */
    public Measure measure() {
        return measure;
    }

    public void measured(Measure found) {
        measure = requireNonNull(found, "found is null");
    }

    /** Which trace the call belongs to, as a {@link TraceParent}; null when it belongs to none. */
    public @Nullable String traceParent() {
        return traceParent;
    }

    /** What other tracing systems pass along; null when there is nothing. */
    public @Nullable String traceState() {
        return traceState;
    }

    /** What is noted for the trace; null when the call is not traced. */
    public @Nullable Trace trace() {
        return trace;
    }

    public void traced(String parent, @Nullable String state, @Nullable Trace notes) {
        traceParent = requireNonNull(parent, "parent is null");
        traceState = state;
        trace = notes;
    }

    /** What is reserved for the call; null when nothing is. */
    public @Nullable Reservation reservation() {
        return reservation;
    }

    public void reserved(Reservation held) {
        reservation = requireNonNull(held, "held is null");
    }

    /** The names of the controls that ran, in order. */
    public List<String> controls() {
        return controls;
    }

    public void ran(String control) {
        controls.add(control);
    }

    /** Fields that go onto the response whatever it is, such as {@code ratelimit}; null when there are none. */
    public @Nullable Headers answerFields() {
        return answerFields;
    }

    public void answerField(String name, String value) {
        if (answerFields == null) {
            answerFields = new Headers(4);
        }
        answerFields.add(name, value);
    }

    /** Has {@code settlement} run once when the call ends, however it ends: the place to give back what was reserved. */
    public void atEnd(Runnable settlement) {
        if (settlements == null) {
            settlements = new ArrayList<>(2);
        }
        settlements.add(settlement);
    }

    /** Hands over the settlements; a second request gets none. */
    public List<Runnable> takeSettlements() {
        List<Runnable> taken = settlements == null ? List.of() : settlements;
        settlements = null;
        return taken;
    }

    public @Nullable Refusal refusal() {
        return refusal;
    }

    public void refused(Refusal reason) {
        refusal = requireNonNull(reason, "reason is null");
    }

    /** Who is answerable for how the call ended; null until it has ended. */
    public @Nullable Outcome outcome() {
        return outcome;
    }

    public void ended(Outcome category) {
        outcome = requireNonNull(category, "category is null");
    }

    /** The HTTP status that was answered; 0 when none was, 499 when nobody was left to read it. */
    public int status() {
        return status;
    }

    public void answered(int code) {
        status = code;
    }

    /** How many times an endpoint was tried. */
    public int attempts() {
        return attempts;
    }

    /** The {@code host:port} tried last; null when none was. */
    public @Nullable String endpoint() {
        return endpoint;
    }

    public void attempted(String hostAndPort) {
        attempts++;
        endpoint = requireNonNull(hostAndPort, "hostAndPort is null");
    }

    /** What went wrong behind or inside the gateway, for the log only; null when nothing did. */
    public @Nullable String failure() {
        return failure;
    }

    public void failed(String cause) {
        failure = requireNonNull(cause, "cause is null");
    }

    /** Body bytes that came from the client, tunnels included. */
    public long requestBytes() {
        return requestBytes;
    }

    public void received(int bytes) {
        requestBytes += bytes;
    }

    /** Body bytes that went to the client, tunnels included. */
    public long responseBytes() {
        return responseBytes;
    }

    public void sent(int bytes) {
        responseBytes += bytes;
    }
}
