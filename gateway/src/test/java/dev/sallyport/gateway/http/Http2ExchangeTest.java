package dev.sallyport.gateway.http;

import static dev.sallyport.gateway.http.TestingHandler.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.http.RawHttp2Client.Frame;
import dev.sallyport.gateway.http.RawHttp2Client.Response;
import dev.sallyport.gateway.http.TestingHandler.RecordedExchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The verbs and callbacks of an exchange, seen from the wire. */
final class Http2ExchangeTest {
    private static final int INITIAL_WINDOW_SIZE = 4;

    private final TestingHandler handler = new TestingHandler();
    private TestingGateway gateway;
    private RawHttp2Client client;

    @BeforeEach
    void start() throws IOException {
        gateway = TestingGateway.plain(handler);
        client = gateway.connect();
    }

    private void on(Consumer<RecordedExchange> onExchange) {
        handler.onExchange = onExchange;
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        gateway.close();
    }

    @Test
    void streamsARequestWithTrailers() throws Exception {
        on(recorded -> recorded.exchange.resumeRequest());
        client.request(1, "POST", "/", false, "te", "trailers");
        client.data(1, false, "one ");
        client.frame(RawHttp2Client.DATA, RawHttp2Client.PADDED, 1, new byte[]{3, 't', 'w', 'o', 0, 0, 0});
        client.headers(1, true, "grpc-status", "0", "x-own", "y", "content-length", "9", "sallyport-caller", "z");

        RecordedExchange recorded = handler.exchanges.take();
        assertThat(recorded.events.take()).isEqualTo("end");
        assertThat(recorded.text()).isEqualTo("one two");
        assertThat(recorded.trailers.first("grpc-status")).isEqualTo("0");
        assertThat(recorded.trailers.first("x-own")).isEqualTo("y");
        assertThat(recorded.trailers.size()).as("what may not stand in trailers is gone").isEqualTo(2);
    }

    @Test
    void streamsAResponseWithInterimHeadsAndTrailers() throws Exception {
        on(recorded -> {
            Exchange exchange = recorded.exchange;
            exchange.interim(new ResponseHead(103, Headers.of("link", "</a>"), RequestHead.UNKNOWN_LENGTH));
            exchange.respond(new ResponseHead(200, Headers.of("x-own", "y"), RequestHead.UNKNOWN_LENGTH), false);
            exchange.chunk(text("one "));
            exchange.chunk(text("two"));
            exchange.end(Headers.of("grpc-status", "0", "grpc-message", "fine"));
        });
        client.get(1, "/");

        Frame interim = client.await(RawHttp2Client.HEADERS, 1);
        assertThat(interim.fields()).containsEntry(":status", "103").containsEntry("link", "</a>");
        assertThat(interim.endStream()).isFalse();
        Response response = client.response(1);
        assertThat(response.fields()).containsEntry(":status", "200").containsEntry("x-own", "y")
                .doesNotContainKey("content-length");
        assertThat(response.body()).isEqualTo("one two");
        assertThat(response.trailers()).containsEntry("grpc-status", "0").containsEntry("grpc-message", "fine")
                .hasSize(2);
    }

    @Test
    void theBodyWaitsUntilItIsAskedFor() throws Exception {
        on(_ -> {});
        client.request(1, "POST", "/", false);
        client.data(1, true, "body");
        client.ping();

        RecordedExchange recorded = handler.exchanges.take();
        assertThat(recorded.received).isZero();
        assertThat(recorded.events).isEmpty();
        recorded.exchange.loop().submit(recorded.exchange::resumeRequest).sync();
        assertThat(recorded.events.take()).isEqualTo("end");
        assertThat(recorded.text()).isEqualTo("body");
    }

    @Test
    void aPausedRequestHoldsTheClientBackToItsWindow() throws Exception {
        on(_ -> {});
        client.request(1, "POST", "/", false);
        client.await(frame -> frame.type() == RawHttp2Client.SETTINGS && (frame.flags() & 1) == 0);
        client.frame(RawHttp2Client.SETTINGS, RawHttp2Client.ACK, 0);
        client.ping();
        int window = Http2ServerConnection.STREAM_WINDOW_BYTES;
        for (int sent = 0; sent < window; sent += 16_384) {
            client.data(1, false, new byte[16_384]);
        }
        client.ping();
        RecordedExchange recorded = handler.exchanges.take();
        assertThat(recorded.received).isZero();
        client.request(3, "POST", "/", false);
        RecordedExchange other = handler.exchanges.take();
        other.exchange.loop().execute(other.exchange::resumeRequest);
        client.data(3, true, "others go on");
        assertThat(other.events.take()).isEqualTo("end");

        recorded.exchange.loop().submit(recorded.exchange::resumeRequest).sync();

        int granted = ByteBuffer.wrap(client.await(RawHttp2Client.WINDOW_UPDATE, 1).payload()).getInt();
        assertThat(granted).isBetween(window / 2, window);
        client.data(1, true, "last");
        assertThat(recorded.events.take()).isEqualTo("end");
        assertThat(recorded.received).isEqualTo(window + 4);
    }

    @Test
    void pausesBetweenTwoParts() throws Exception {
        on(recorded -> {
            recorded.onChunk = recorded.exchange::pauseRequest;
            recorded.exchange.resumeRequest();
        });
        client.request(1, "POST", "/", false);
        client.data(1, false, "one");
        client.data(1, true, "two");
        client.ping();

        RecordedExchange recorded = handler.exchanges.take();
        assertThat(recorded.received).isEqualTo(3);
        recorded.exchange.loop().submit(recorded.exchange::resumeRequest).sync();
        client.ping();
        assertThat(recorded.received).isEqualTo(6);
        assertThat(recorded.events).as("paused again, so the end waits").isEmpty();
        recorded.exchange.loop().submit(recorded.exchange::resumeRequest).sync();
        assertThat(recorded.events.take()).isEqualTo("end");
    }

    @Test
    void asksForTheBodyOfAClientThatWaitsForThat() throws Exception {
        on(recorded -> {
            recorded.onEnd = () -> recorded.answer(200, "");
            recorded.exchange.resumeRequest();
        });
        client.request(1, "POST", "/", false, "expect", "100-continue", "content-length", "4");

        assertThat(client.await(RawHttp2Client.HEADERS, 1).fields()).containsEntry(":status", "100");
        client.data(1, true, "body");
        assertThat(client.response(1).status()).isEqualTo(200);
        assertThat(handler.exchanges.take().exchange.request().headers().contains("expect")).isFalse();
    }

    @Test
    void aSlowReaderIsToldToTheOneWhoWrites() throws Exception {
        AtomicInteger written = new AtomicInteger();
        int parts = 64;
        on(recorded -> {
            recorded.exchange.respond(new ResponseHead(200, new Headers(), parts * 16_384L), false);
            recorded.onWritable = () -> {
                while (recorded.exchange.writable() && written.get() < parts) {
                    recorded.exchange.chunk(Unpooled.wrappedBuffer(new byte[16_384]));
                    if (written.incrementAndGet() == parts) {
                        recorded.exchange.end(new Headers());
                    }
                }
            };
            recorded.onWritable.run();
        });
        client.get(1, "/");
        client.ping();
        assertThat(written.get()).as("what the default window takes, and no more than one part above").isBetween(4, 5);

        int received = 0;
        while (received < parts * 16_384) {
            Frame frame = client.await(RawHttp2Client.DATA, 1);
            received += frame.payload().length;
            client.windowUpdate(0, frame.payload().length);
            client.windowUpdate(1, frame.payload().length);
        }
        assertThat(received).isEqualTo(parts * 16_384);
        assertThat(handler.exchanges.take().events).contains("writable");
    }

    @Test
    void whatWaitsForAFlushIsBoundedToo() throws Exception {
        AtomicInteger written = new AtomicInteger();
        on(recorded -> {
            recorded.exchange.respond(new ResponseHead(200, new Headers(), RequestHead.UNKNOWN_LENGTH), false);
            recorded.exchange.loop().execute(() -> {
                while (recorded.exchange.writable()) {
                    recorded.exchange.chunk(Unpooled.wrappedBuffer(new byte[16_384]));
                    written.addAndGet(16_384);
                }
                recorded.onWritable = () -> recorded.exchange.end(new Headers());
            });
        });
        client.windowUpdate(0, 2_000_000_000);
        client.request(1, "GET", "/", true);
        client.frame(RawHttp2Client.SETTINGS, 0, 0,
                new byte[]{0, INITIAL_WINDOW_SIZE, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff});

        int received = 0;
        Frame frame;
        do {
            frame = client.await(RawHttp2Client.DATA, 1);
            received += frame.payload().length;
        } while (!frame.endStream());
        assertThat(received).isEqualTo(written.get()).isLessThanOrEqualTo(200_000);
    }

    @Test
    void aClientThatResetsTheStreamIsGone() throws Exception {
        on(recorded -> recorded.exchange.resumeRequest());
        client.request(1, "POST", "/", false);
        client.reset(1, RawHttp2Client.CANCEL);

        RecordedExchange recorded = handler.exchanges.take();
        assertThat(recorded.events.take()).isEqualTo("disconnected");
        recorded.exchange.loop().submit(() -> {
            ByteBuf late = UnpooledByteBufAllocator.DEFAULT.heapBuffer(4).writeInt(1);
            recorded.exchange.respond(new ResponseHead(200, new Headers(), 4), false);
            recorded.exchange.chunk(late);
            recorded.exchange.end(new Headers());
            recorded.exchange.abort();
            assertThat(late.refCnt()).isZero();
            assertThat(recorded.exchange.writable()).isFalse();
        }).get();
        client.ping();
        assertThat(recorded.events).isEmpty();
    }

    @Test
    void aClientThatClosesTheConnectionIsGoneFromAllStreams() throws Exception {
        on(recorded -> {
            recorded.exchange.respond(new ResponseHead(200, new Headers(), RequestHead.UNKNOWN_LENGTH), false);
            recorded.exchange.chunk(Unpooled.wrappedBuffer(new byte[100_000]));
        });
        client.get(1, "/");
        client.get(3, "/");
        client.ping();
        client.close();

        assertThat(handler.exchanges.take().events.take()).isEqualTo("disconnected");
        assertThat(handler.exchanges.take().events.take()).isEqualTo("disconnected");
    }

    @Test
    void anAbortedResponseIsReset() throws Exception {
        on(recorded -> {
            recorded.exchange.respond(new ResponseHead(200, new Headers(), RequestHead.UNKNOWN_LENGTH), false);
            recorded.exchange.chunk(text("half"));
            recorded.exchange.abort();
        });
        client.get(1, "/");

        assertThat(client.await(RawHttp2Client.RST_STREAM, 1).error()).isEqualTo(RawHttp2Client.INTERNAL_ERROR);
        client.ping();
        assertThat(handler.exchanges.take().events).isEmpty();
    }

    @Test
    void aResponseThatIsShorterThanDeclaredIsReset() throws Exception {
        on(recorded -> {
            recorded.exchange.respond(new ResponseHead(200, new Headers(), 5), false);
            recorded.exchange.chunk(text("four"));
            recorded.exchange.end(new Headers());
        });
        client.get(1, "/");

        assertThat(client.await(RawHttp2Client.RST_STREAM, 1).error()).isEqualTo(RawHttp2Client.INTERNAL_ERROR);
    }

    @Test
    void aResponseThatIsLongerThanDeclaredIsReset() throws Exception {
        on(recorded -> {
            recorded.exchange.respond(new ResponseHead(200, new Headers(), 3), false);
            recorded.exchange.chunk(text("four"));
        });
        client.get(1, "/");

        assertThat(client.await(RawHttp2Client.RST_STREAM, 1).error()).isEqualTo(RawHttp2Client.INTERNAL_ERROR);
        assertThat(handler.exchanges.take().events.take()).isEqualTo("disconnected");
    }

    @Test
    void aBodyThatIsNotAsLongAsDeclaredResetsTheStream() throws Exception {
        on(recorded -> recorded.exchange.resumeRequest());
        client.request(1, "POST", "/", false, "content-length", "3");
        client.data(1, false, "four");
        client.request(3, "POST", "/", false, "content-length", "5");
        client.data(3, true, "four");
        client.request(5, "POST", "/", false, "content-length", "5");
        client.data(5, false, "four");
        client.headers(5, true, "x-own", "y");

        for (int stream = 1; stream <= 5; stream += 2) {
            assertThat(client.await(RawHttp2Client.RST_STREAM, stream).error())
                    .isEqualTo(RawHttp2Client.PROTOCOL_ERROR);
            RecordedExchange recorded = handler.exchanges.take();
            assertThat(recorded.events.take()).isEqualTo("failed malformed-request");
            assertThat(recorded.events.take()).isEqualTo("disconnected");
        }
        client.ping();
    }

    @Test
    void aRequestThatBreaksOffMayBeAnsweredBeforeTheReset() throws Exception {
        on(begun -> {
            begun.onFailed = () -> begun.answer(400, "no");
            begun.exchange.resumeRequest();
        });
        client.request(1, "POST", "/", false);
        RecordedExchange recorded = handler.exchanges.take();
        client.headers(1, true, ":path", "/");

        assertThat(client.response(1).body()).isEqualTo("no");
        assertThat(client.await(RawHttp2Client.RST_STREAM, 1).error()).isEqualTo(RawHttp2Client.PROTOCOL_ERROR);
        assertThat(recorded.events.take()).isEqualTo("failed malformed-request");
        client.ping();
        assertThat(recorded.events).isEmpty();
    }

    @Test
    void anAnswerBeforeTheRequestsEndAsksTheClientToStop() throws Exception {
        on(recorded -> recorded.answer(413, "too large"));
        client.request(1, "POST", "/", false);

        assertThat(client.response(1).body()).isEqualTo("too large");
        assertThat(client.await(RawHttp2Client.RST_STREAM, 1).error()).isEqualTo(RawHttp2Client.NO_ERROR);
        client.data(1, false, "late");
        client.headers(1, true, "late", "too");
        client.ping();
        assertThat(handler.exchanges.take().received).isZero();
    }

    @Test
    void anAnswerToHeadHasALengthButNoBody() throws Exception {
        on(recorded -> recorded.answer(200, "body"));
        client.request(1, "HEAD", "/", true);

        Response response = client.response(1);
        assertThat(response.fields()).containsEntry("content-length", "4");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void anAnswerWithoutContentHasNoLength() throws Exception {
        on(recorded -> recorded.exchange.respond(new ResponseHead(204, new Headers(), 0), true));
        client.get(1, "/");

        assertThat(client.response(1).fields()).containsOnlyKeys(":status");
    }

    @Test
    void opensATunnelForAWebSocket() throws Exception {
        on(recorded -> {
            recorded.onChunk = () -> recorded.exchange.chunk(text("echo " + recorded.text()));
            recorded.onEnd = () -> recorded.exchange.end(new Headers());
            recorded.exchange.respond(
                    new ResponseHead(101, Headers.of("sec-websocket-protocol", "chat"), RequestHead.UNKNOWN_LENGTH),
                    false);
            recorded.exchange.resumeRequest();
        });
        Frame settings = client.await(RawHttp2Client.SETTINGS, 0);
        assertThat(settings.payload()).as("ENABLE_CONNECT_PROTOCOL").containsSequence(0, 8, 0, 0, 0, 1);
        client.headers(1, false, ":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path", "/chat",
                ":authority", "a.example",
                "sec-websocket-version", "13");
        assertThat(client.await(RawHttp2Client.HEADERS, 1).fields()).containsEntry(":status", "200")
                .containsEntry("sec-websocket-protocol", "chat");
        client.data(1, false, "hello");
        assertThat(client.await(RawHttp2Client.DATA, 1).text()).isEqualTo("echo hello");
        client.data(1, true, new byte[0]);
        assertThat(client.await(RawHttp2Client.DATA, 1).endStream()).isTrue();

        RequestHead head = handler.exchanges.take().exchange.request();
        assertThat(head.upgrade()).isEqualTo("websocket");
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.path()).isEqualTo("/chat");
        assertThat(head.hasBody()).isFalse();
    }

    @Test
    void declinesATunnelWithAnOrdinaryAnswer() throws Exception {
        on(recorded -> recorded.answer(403, "no"));
        client.headers(1, false, ":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path", "/",
                ":authority", "a.example");

        assertThat(client.response(1).status()).isEqualTo(403);
        assertThat(client.await(RawHttp2Client.RST_STREAM, 1).error()).isEqualTo(RawHttp2Client.NO_ERROR);
    }

    @Test
    void manyStreamsAreServedAtOnceEachInItsTime() throws Exception {
        on(_ -> {});
        for (int stream = 1; stream < 200; stream += 2) {
            client.get(stream, "/");
        }
        RecordedExchange[] all = new RecordedExchange[100];
        for (int i = 0; i < all.length; i++) {
            all[i] = handler.exchanges.take();
        }
        for (int i = all.length - 1; i >= 0; i--) {
            RecordedExchange recorded = all[i];
            int index = i;
            recorded.exchange.loop().execute(() -> recorded.answer(200, "answer " + index));
        }

        for (int i = 0; i < all.length; i++) {
            assertThat(client.response(1 + 2 * i).body()).isEqualTo("answer " + i);
        }
    }

    @Test
    void whoeverThrowsBreaksTheStreamOnly() throws Exception {
        Runnable planted = () -> {
            throw new IllegalStateException("planted");
        };
        on(recorded -> {
            switch (recorded.exchange.request().path()) {
                case "/at-once" -> planted.run();
                case "/at-chunk" -> recorded.onChunk = planted;
                case "/at-end" -> recorded.onEnd = planted;
                default -> recorded.onEnd = () -> recorded.answer(200, "");
            }
            recorded.exchange.resumeRequest();
        });
        String[] paths = {"/at-once", "/at-chunk", "/at-end", "/good"};
        for (int i = 0; i < paths.length; i++) {
            client.request(1 + 2 * i, "POST", paths[i], false);
            client.data(1 + 2 * i, false, "body");
            client.headers(1 + 2 * i, true, "x-own", "y");
        }

        for (int stream = 1; stream <= 5; stream += 2) {
            assertThat(client.await(RawHttp2Client.RST_STREAM, stream).error())
                    .isEqualTo(RawHttp2Client.INTERNAL_ERROR);
        }
        assertThat(client.response(7).status()).isEqualTo(200);
    }

    @Test
    void noControlCharacterLeavesInAField() throws Exception {
        on(recorded -> recorded.exchange.respond(
                new ResponseHead(200, Headers.of("x-own", "a\r\nb: c\u0000\u20ac", "x-other", "\u00e4\t"), 0), true));
        client.get(1, "/");

        assertThat(client.response(1).fields()).containsEntry("x-own", "a  b: c ?").containsEntry("x-other",
                "\u00e4\t");
    }

    @Test
    void writesThatHappenTogetherLeaveTogether() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        on(recorded -> recorded.exchange.loop().execute(() -> {
            recorded.answer(200, "body");
            answered.countDown();
        }));
        client.get(1, "/");
        answered.await();

        assertThat(client.await(RawHttp2Client.DATA, 1).endStream()).as("the body and its end are one frame").isTrue();
    }

    @Test
    void respectsTheWindowThatTheClientSet() throws Exception {
        on(recorded -> recorded.answer(200, "123456789"));
        try (RawHttp2Client narrow = RawHttp2Client.over(
                new Socket(gateway.address().getAddress(), gateway.address().getPort()), INITIAL_WINDOW_SIZE, 4)) {
            narrow.get(1, "/");
            assertThat(narrow.await(RawHttp2Client.DATA, 1).text()).isEqualTo("1234");
            narrow.ping();
            narrow.windowUpdate(1, 2);
            assertThat(narrow.await(RawHttp2Client.DATA, 1).text()).isEqualTo("56");
            narrow.windowUpdate(1, 3);
            Frame last = narrow.await(RawHttp2Client.DATA, 1);
            assertThat(last.text()).isEqualTo("789");
            assertThat(last.endStream()).isTrue();
        }
    }
}
