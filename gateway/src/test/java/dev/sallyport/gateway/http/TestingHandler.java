package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** An exchange handler that answers as a test says, and notes what it is told. */
final class TestingHandler implements ExchangeHandler {
    /** A request that was refused before it became an exchange. */
    record Refused(Peer peer, String callId, Refusal reason) {}

    final BlockingQueue<Refused> refusals = new LinkedBlockingQueue<>();
    final BlockingQueue<RecordedExchange> exchanges = new LinkedBlockingQueue<>();
    /** Is given each exchange, listened to already. */
    volatile Consumer<RecordedExchange> onExchange = _ -> {};

    static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    /** Reads the whole request, then answers 200 with the method, path and query in one line, and then the request's body. */
    static TestingHandler echo() {
        TestingHandler handler = new TestingHandler();
        handler.onExchange = recorded -> {
            recorded.onEnd = () -> {
                RequestHead head = recorded.exchange.request();
                recorded.answer(200, head.method() + ' ' + head.path()
                        + (head.query() == null ? "" : '?' + head.query()) + '\n' + recorded.text());
            };
            if (recorded.exchange.request().hasBody()) {
                recorded.exchange.resumeRequest();
            } else {
                recorded.onEnd.run();
            }
        };
        return handler;
    }

    @Override
    public void handle(Exchange exchange) {
        RecordedExchange recorded = new RecordedExchange(exchange);
        exchange.listen(recorded);
        exchanges.add(recorded);
        onExchange.accept(recorded);
    }

    @Override
    public void refused(Peer peer, String callId, Refusal reason) {
        refusals.add(new Refused(peer, callId, reason));
    }

    /** An exchange with what its listener was told. The bytes are kept; events are told by name. */
    static final class RecordedExchange implements ExchangeListener {
        final Exchange exchange;
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        volatile Headers trailers = new Headers();
        volatile long received;
        Runnable onEnd = () -> {};
        Runnable onChunk = () -> {};
        Runnable onWritable = () -> {};
        Runnable onFailed = () -> {};

        RecordedExchange(Exchange exchange) {
            this.exchange = exchange;
        }

        /** What came of the body. */
        String text() {
            return body.toString(StandardCharsets.ISO_8859_1);
        }

        void answer(int status, String text) {
            exchange.respond(new ResponseHead(status, new Headers(), text.length()), false);
            exchange.chunk(TestingHandler.text(text));
            exchange.end(new Headers());
        }

        @Override
        public void requestChunk(ByteBuf chunk) {
            byte[] bytes = ByteBufUtil.getBytes(chunk);
            chunk.release();
            body.writeBytes(bytes);
            received += bytes.length;
            onChunk.run();
        }

        @Override
        public void requestEnd(Headers received) {
            trailers = received;
            events.add("end");
            onEnd.run();
        }

        @Override
        public void requestFailed(Refusal reason) {
            events.add("failed " + reason.code().text());
            onFailed.run();
        }

        @Override
        public void disconnected() {
            events.add("disconnected");
        }

        @Override
        public void writable() {
            events.add("writable");
            onWritable.run();
        }
    }
}
