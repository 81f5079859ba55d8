package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.call.Timeline;
import dev.sallyport.gateway.http.Attempt;
import dev.sallyport.gateway.http.AttemptFailure;
import dev.sallyport.gateway.http.Exchange;
import dev.sallyport.gateway.upstream.ForwardListener;
import dev.sallyport.gateway.upstream.Upstream;
import dev.sallyport.gateway.upstream.Upstreams;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Couples a permitted call's exchange with its attempt: bytes both ways, each side paused while the other cannot take
 * more, so that memory stays bounded whoever is slow. Confined to the call's event loop.
 */
final class Relay implements ForwardListener {
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int CONTINUE = 100;

    private final CallRun run;
    private final Exchange exchange;
    private final Call call;
    private final boolean rewritten;
    private final Headers bufferedTrailers;
    private final long bodyLength;
    private @Nullable ByteBuf bufferedBody;
    private @Nullable Attempt attempt;
    private @Nullable AnswerPath answer;
    private boolean ready;
    private boolean requestEnded;
    private boolean closed;

    /** @param body the whole body when it had to be seen first (ownership passes); null when it streams or is absent */
    Relay(CallRun run, @Nullable InspectedBody body) {
        this.run = run;
        exchange = run.exchange();
        call = run.call();
        bufferedBody = body == null ? null : body.bytes();
        bufferedTrailers = body == null ? new Headers(0) : body.trailers();
        rewritten = body != null && body.rewritten();
        // Trailers need a body whose length is not declared (RFC 9112 section 7.1.2).
        bodyLength = body == null || !body.trailers().isEmpty() ? call.request().contentLength()
                : body.bytes().readableBytes();
        requestEnded = body != null;
    }

    /** Begins the attempt; {@code answersRead}: a control reads the answer's body. */
    void begin(Upstreams upstreams, Resource resource, boolean answersRead) {
        Upstream upstream = upstreams.find(resource.id());
        if (upstream == null) {
            call.failed("no upstream is configured for " + resource.id());
            run.refuse(Refusal.of(RefusalCode.NO_HEALTHY_ENDPOINT, "Nothing serves " + resource.id() + "."));
            return;
        }
        RequestHead head = UpstreamRequest.head(call, bodyLength, rewritten, answersRead);
        boolean complete = !head.hasBody() && head.upgrade() == null;
        if (complete && bufferedBody != null) {
            bufferedBody.release();
            bufferedBody = null;
        }
        requestEnded |= complete;
        Attempt begun = upstream.forward(call, head, complete, run.context(), this);
        if (closed) {
            begun.cancel();
            return;
        }
        attempt = begun;
        if (ready) {
            sendBody(begun);
        }
    }

    @Override
    public void ready() {
        ready = true;
        if (attempt != null) {
            sendBody(attempt);
        }
    }

    private void sendBody(Attempt begun) {
        if (bufferedBody != null) {
            ByteBuf body = bufferedBody;
            bufferedBody = null;
            begun.chunk(body);
            begun.end(bufferedTrailers);
        } else if (!requestEnded && call.request().upgrade() == null) {
            exchange.resumeRequest();
        }
    }

    /** Takes ownership of {@code chunk}. */
    void requestChunk(ByteBuf chunk) {
        if (attempt == null) {
            chunk.release();
            return;
        }
        attempt.chunk(chunk);
        if (!closed && !attempt.writable()) {
            exchange.pauseRequest();
        }
    }

    void requestEnd(Headers trailers) {
        requestEnded = true;
        if (attempt != null) {
            attempt.end(trailers);
        }
    }

    void clientWritable() {
        if (attempt != null) {
            attempt.resumeResponse();
        }
    }

    /** The call has ended: gives the attempt up, which does nothing when that is complete. */
    void close() {
        closed = true;
        if (bufferedBody != null) {
            bufferedBody.release();
            bufferedBody = null;
        }
        if (answer != null) {
            answer.close();
        }
        if (attempt != null) {
            attempt.cancel();
        }
    }

    @Override
    public void interim(ResponseHead head) {
        if (!closed && head.status() != CONTINUE) {
            exchange.interim(new ResponseHead(head.status(), links(head.headers()), RequestHead.UNKNOWN_LENGTH));
        }
    }

    /** What a client may learn from an interim response, which no control sees: what to load early (RFC 8297). */
    private static Headers links(Headers fields) {
        Headers links = new Headers(4);
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equals("link")) {
                links.add("link", fields.value(i));
            }
        }
        return links;
    }

    @Override
    public void response(ResponseHead head, boolean end) {
        if (closed) {
            return;
        }
        answer = AnswerPath.open(run, this, head, run.answerControls());
        if (answer != null && !closed) {
            answer.begin(end);
        }
    }

    /** Sends the head; for {@link AnswerPath}. */
    void head(ResponseHead head, boolean end) {
        Headers headers = head.headers();
        headers.set(UpstreamRequest.CALL_FIELD, call.id());
        Headers fields = call.answerFields();
        if (fields != null) {
            for (int i = 0; i < fields.size(); i++) {
                headers.remove(fields.name(i)); // an upstream must not speak in the gateway's name
            }
            headers.addAll(fields);
        }
        run.answering(head.status());
        if (end) {
            finish(null);
        }
        exchange.respond(head, end);
        if (head.status() == SWITCHING_PROTOCOLS && !end) {
            exchange.resumeRequest();
        }
    }

    @Override
    public void responseChunk(ByteBuf chunk) {
        if (closed || answer == null) {
            chunk.release();
        } else {
            answer.chunk(chunk);
        }
    }

    /** Sends a part of the body, of which it takes ownership; for {@link AnswerPath}. */
    void pass(ByteBuf chunk) {
        call.sent(chunk.readableBytes());
        exchange.chunk(chunk);
        if (attempt != null && !exchange.writable()) {
            attempt.pauseResponse();
        }
    }

    @Override
    public void responseEnd(Headers trailers) {
        if (!closed && answer != null) {
            answer.end(trailers);
        }
    }

    /** Wants no more of the answer; for {@link AnswerPath}. */
    void cancelUpstream() {
        if (attempt != null) {
            attempt.cancel();
        }
    }

    /** Ends the answer; {@code cut}: why a control ended it early. For {@link AnswerPath}. */
    void complete(Headers trailers, @Nullable Refusal cut) {
        finish(cut);
        exchange.end(trailers);
    }

    @Override
    public void failed(AttemptFailure failure) {
        if (!closed) {
            call.failed(failure.detail());
            call.timeline().mark(unfinished(call.timeline()), run.context().time().nanos());
            Resource resource = call.resource();
            String id = resource == null ? "the resource" : resource.id();
            run.refuse(Refusal.of(failure.code(), failure.code().title() + " (" + id + ")."));
        }
    }

    /** The phase that the attempt was in when it failed, so that its time is not charged to another. */
    private static Phase unfinished(Timeline timeline) {
        for (Phase phase : List.of(Phase.QUEUE, Phase.CONNECT, Phase.SEND, Phase.FIRST_BYTE)) {
            if (!timeline.marked(phase)) {
                return phase;
            }
        }
        return Phase.LAST_BYTE;
    }

    @Override
    public void writable() {
        if (!closed && !requestEnded) {
            exchange.resumeRequest();
        }
    }

    private void finish(@Nullable Refusal cut) {
        int status = call.status();
        run.finish(cut != null ? cut.code().outcome() : status < 400 ? Outcome.SUCCESS : status < 500 ? Outcome.CLIENT
                : Outcome.UPSTREAM);
    }
}
