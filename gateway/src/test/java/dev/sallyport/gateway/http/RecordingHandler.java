package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.testing.conformance.CaseRunner;
import dev.sallyport.gateway.testing.conformance.SeenRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Behaves as the set-up does that the conformance cases assume: {@code a.example} leads to one upstream, which records
 * what it gets; {@code /denied} is refused, so are other hosts, tunnels, and bodies declared longer than a megabyte.
 */
final class RecordingHandler implements ExchangeHandler, CaseRunner.Upstream {
    private static final long BODY_BYTES_MAX = 1024 * 1024;

    private final List<Recorded> recorded = new ArrayList<>();
    private final List<Refusal> refused = new ArrayList<>();

    @Override
    public void handle(Exchange exchange) {
        RequestHead request = exchange.request();
        Recorded call = new Recorded(exchange);
        exchange.listen(call);
        String host = request.authority().replaceFirst(":\\d+$", "");
        if (!host.equals("a.example")) {
            call.answer(404);
        } else if (request.path().equals("/denied") || request.upgrade() != null) {
            call.answer(403);
        } else if (request.contentLength() > BODY_BYTES_MAX) {
            call.answer(413);
        } else {
            synchronized (recorded) {
                recorded.add(call);
            }
            exchange.resumeRequest();
        }
    }

    @Override
    public void refused(Peer peer, String callId, Refusal reason) {
        synchronized (recorded) {
            refused.add(reason);
        }
    }

    List<Refusal> refused() {
        synchronized (recorded) {
            return List.copyOf(refused);
        }
    }

    @Override
    public List<SeenRequest> take() {
        synchronized (recorded) {
            List<SeenRequest> seen = recorded.stream().map(Recorded::seen).toList();
            recorded.clear();
            return seen;
        }
    }

    private static final class Recorded implements ExchangeListener {
        private final Exchange exchange;
        private final StringBuffer body = new StringBuffer();
        private volatile boolean complete;
        private boolean answered;

        Recorded(Exchange exchange) {
            this.exchange = exchange;
        }

        SeenRequest seen() {
            RequestHead request = exchange.request();
            Headers headers = request.headers().copy();
            ForwardedFields.apply(headers, exchange.peer(), request);
            if (request.contentLength() > 0) {
                headers.add("content-length", Long.toString(request.contentLength()));
            }
            List<Map.Entry<String, String>> fields = new ArrayList<>();
            for (int i = 0; i < headers.size(); i++) {
                fields.add(Map.entry(headers.name(i), headers.value(i)));
            }
            String path = request.query() == null ? request.path() : request.path() + "?" + request.query();
            return new SeenRequest(request.method(), path, fields, body.toString(), complete, request.path(),
                    request.authority());
        }

        void answer(int status) {
            if (!answered) {
                answered = true;
                byte[] text = "an answer\n".getBytes(StandardCharsets.ISO_8859_1);
                boolean withoutBody = exchange.request().method().equals("HEAD");
                exchange.respond(new ResponseHead(status, Headers.of("content-type", "text/plain"), text.length),
                        withoutBody);
                if (!withoutBody) {
                    exchange.chunk(Unpooled.wrappedBuffer(text));
                    exchange.end(new Headers(0));
                }
            }
        }

        @Override
        public void requestChunk(ByteBuf chunk) {
            body.append(chunk.toString(StandardCharsets.ISO_8859_1));
            chunk.release();
        }

        @Override
        public void requestEnd(Headers trailers) {
            complete = true;
            answer(200);
        }

        @Override
        public void requestFailed(Refusal reason) {
            answer(reason.code().status());
        }

        @Override
        public void disconnected() {
            answered = true;
        }

        @Override
        public void writable() {}

    }
}
