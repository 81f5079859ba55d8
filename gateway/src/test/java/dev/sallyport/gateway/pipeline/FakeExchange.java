package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.http.Exchange;
import dev.sallyport.gateway.http.ExchangeListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An exchange without a socket: notes what is answered, and lets a test play the client. */
final class FakeExchange implements Exchange {
    private final EventLoop loop;
    private final RequestHead request;
    private final List<String> events = new ArrayList<>();
    private final List<ResponseHead> interims = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private final CompletableFuture<FakeExchange> done = new CompletableFuture<>();
    private @Nullable ExchangeListener listener;
    private @Nullable ResponseHead response;
    private @Nullable Headers trailers;
    private Runnable onFirstResume = () -> {};
    private boolean resumed;

    FakeExchange(EventLoop loop, String method, String path, Headers headers, long contentLength) {
        this.loop = loop;
        request = new RequestHead(Protocol.HTTP_1_1, method, "http", "a.example", path, null, headers, contentLength,
                null);
    }

    /** What the client does once its body is wanted. */
    FakeExchange onFirstResume(Runnable action) {
        onFirstResume = action;
        return this;
    }

    CompletableFuture<FakeExchange> done() {
        return done;
    }

    ExchangeListener listener() {
        if (listener == null) {
            throw new IllegalStateException("nobody listens");
        }
        return listener;
    }

    ResponseHead response() {
        if (response == null) {
            throw new IllegalStateException("nothing was answered");
        }
        return response;
    }

    boolean answered() {
        return response != null;
    }

    /** What stood behind the body; empty when it has not ended. */
    Headers trailers() {
        return trailers == null ? new Headers(0) : trailers;
    }

    String body() {
        return body.toString();
    }

    List<ResponseHead> interims() {
        return interims;
    }

    List<String> events() {
        return events;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public Peer peer() {
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        return new Peer(here, here.getAddress(), here, false, null);
    }

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public long beganNanos() {
        return 0;
    }

    @Override
    public long acceptedNanos() {
        return 0;
    }

    @Override
    public long securedNanos() {
        return 0;
    }

    @Override
    public void listen(ExchangeListener told) {
        listener = told;
    }

    @Override
    public void pauseRequest() {
        events.add("pause");
    }

    @Override
    public void resumeRequest() {
        events.add("resume");
        if (!resumed) {
            resumed = true;
            onFirstResume.run();
        }
    }

    @Override
    public void interim(ResponseHead head) {
        interims.add(head);
        events.add("interim " + head.status());
    }

    @Override
    public void respond(ResponseHead head, boolean end) {
        response = head;
        events.add("respond " + head.status());
        if (end) {
            done.complete(this);
        }
    }

    @Override
    public void chunk(ByteBuf chunk) {
        body.append(chunk.toString(StandardCharsets.UTF_8));
        chunk.release();
    }

    @Override
    public void end(Headers received) {
        trailers = received;
        events.add("end");
        done.complete(this);
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void abort() {
        events.add("abort");
        done.complete(this);
    }
}
