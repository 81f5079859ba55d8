package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.http.Attempt;
import dev.sallyport.gateway.http.AttemptFailure;
import dev.sallyport.gateway.http.LoopContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Stands where the call path stands: sends a call's body, and keeps what is called back. The body begins when the upstream is ready for it. */
final class ForwardProbe implements ForwardListener {
    private static final long PATIENCE_SECONDS = 20;

    private final Call call;
    private final LoopContext context;
    private final StringBuilder body = new StringBuilder();
    private final List<Runnable> sends = new ArrayList<>();
    private final CompletableFuture<ResponseHead> head = new CompletableFuture<>();
    private final CompletableFuture<Headers> ended = new CompletableFuture<>();
    private final CompletableFuture<AttemptFailure> failed = new CompletableFuture<>();
    private final AtomicLong received = new AtomicLong();
    private final List<Integer> interims = new CopyOnWriteArrayList<>();
    private @Nullable Attempt attempt;
    private boolean ready;
    private volatile int callbacksAfterTheLast;
    private volatile int readied;
    private volatile int writables;

    ForwardProbe(Call call, LoopContext context) {
        this.call = call;
        this.context = context;
    }

    void begin(Attempt begun) {
        attempt = begun;
        sendAll();
    }

    Call call() {
        return call;
    }

    LoopContext context() {
        return context;
    }

    Attempt attempt() {
        if (attempt == null) {
            throw new AssertionError("not begun");
        }
        return attempt;
    }

    private void sendAll() {
        if (ready && attempt != null) {
            List<Runnable> due = List.copyOf(sends);
            sends.clear();
            due.forEach(Runnable::run);
        }
    }

    /** Sends a part of the request's body, as soon as the upstream is ready for it. */
    ForwardProbe body(String text) {
        return body(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    ForwardProbe body(byte[] bytes) {
        return whenReady(() -> attempt().chunk(Unpooled.copiedBuffer(bytes)));
    }

    ForwardProbe end(String... trailers) {
        return whenReady(() -> attempt().end(Headers.of(trailers)));
    }

    private ForwardProbe whenReady(Runnable send) {
        return run(() -> {
            sends.add(send);
            sendAll();
        });
    }

    ForwardProbe cancel() {
        return run(() -> attempt().cancel());
    }

    ForwardProbe pause() {
        return run(() -> attempt().pauseResponse());
    }

    ForwardProbe resume() {
        return run(() -> attempt().resumeResponse());
    }

    boolean takesMore() {
        return Forwarding.on(context, () -> attempt().writable());
    }

    private ForwardProbe run(Runnable action) {
        Forwarding.on(context, () -> {
            action.run();
            return null;
        });
        return this;
    }

    ResponseHead head() {
        return of(head);
    }

    int status() {
        return head().status();
    }

    /** The whole body, once it has come. */
    String text() {
        of(ended);
        return soFar();
    }

    String soFar() {
        synchronized (body) {
            return body.toString();
        }
    }

    long received() {
        return received.get();
    }

    Headers trailers() {
        return of(ended);
    }

    List<Integer> interims() {
        return interims;
    }

    AttemptFailure failure() {
        return of(failed);
    }

    RefusalCode code() {
        return failure().code();
    }

    boolean answered() {
        return head.isDone();
    }

    boolean over() {
        return ended.isDone() || failed.isDone();
    }

    int writables() {
        return writables;
    }

    int readied() {
        return readied;
    }

    int callbacksAfterTheLast() {
        return callbacksAfterTheLast;
    }

    private <T> T of(CompletableFuture<T> future) {
        try {
            if (future == failed) {
                return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            CompletableFuture.anyOf(future, failed).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!future.isDone()) {
                throw new AssertionError("failed: " + failed.getNow(null));
            }
            return future.get();
        } catch (TimeoutException e) {
            throw new AssertionError("nothing came; status " + (head.isDone() ? head.getNow(null) : "none") + ", "
                    + received + " bytes of body", e);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void ready() {
        readied++;
        ready = true;
        sendAll();
    }

    @Override
    public void interim(ResponseHead interim) {
        note();
        interims.add(interim.status());
    }

    @Override
    public void response(ResponseHead response, boolean end) {
        note();
        head.complete(response);
        if (end) {
            ended.complete(new Headers(0));
        }
    }

    @Override
    public void responseChunk(ByteBuf chunk) {
        note();
        synchronized (body) {
            if (body.length() < 1 << 20) {
                body.append(chunk.toString(StandardCharsets.ISO_8859_1));
            }
        }
        received.addAndGet(chunk.readableBytes());
        chunk.release();
    }

    @Override
    public void responseEnd(Headers trailers) {
        note();
        ended.complete(trailers);
    }

    @Override
    public void failed(AttemptFailure failure) {
        note();
        failed.complete(failure);
    }

    @Override
    public void writable() {
        writables++;
        sendAll();
    }

    private void note() {
        if (over()) {
            callbacksAfterTheLast++;
        }
    }
}
