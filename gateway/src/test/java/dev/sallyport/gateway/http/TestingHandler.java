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
    record Refused(Peer peer, String callId, Refusal reason) {
    }

    final BlockingQueue<Refused> refusals = new LinkedBlockingQueue<>();
    final BlockingQueue<RecordedExchange> exchanges = new LinkedBlockingQueue<>();
    private final Consumer<RecordedExchange> onExchange;

    /** @param onExchange is given each exchange, listened to already */
    TestingHandler(Consumer<RecordedExchange> onExchange) {
        this.onExchange = onExchange;
    }

    /** Reads the whole request, then answers 200 with the method, path and query in one line, and then the request's body. */
    static TestingHandler echo() {
        return new TestingHandler(recorded -> {
            recorded.onEnd = () -> {
                RequestHead head = recorded.exchange.request();
                byte[] line = (head.method() + ' ' + head.path() + (head.query() == null ? "" : '?' + head.query()) + '\n').getBytes(StandardCharsets.ISO_8859_1);
                byte[] body = recorded.body.toByteArray();
                recorded.answer(200, Unpooled.wrappedBuffer(line, body));
            };
            recorded.exchange.resumeRequest();
        });
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

        RecordedExchange(Exchange exchange) {
            this.exchange = exchange;
        }

        void answer(int status, ByteBuf body) {
            exchange.respond(new ResponseHead(status, new Headers(), body.readableBytes()), false);
            exchange.chunk(body);
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
