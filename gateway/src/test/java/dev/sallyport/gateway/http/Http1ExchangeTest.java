package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.http.TestingHandler.RecordedExchange;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an exchange on HTTP/1.1 promises both sides, over a socket. */
final class Http1ExchangeTest {
    private static final String HOST = "Host: a.example\r\n";

    @Test
    void answersOneRequestAfterAnother() throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(TestingHandler.echo());
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            assertThat(client.send("GET /1?a HTTP/1.1\r\n" + HOST + "\r\n").answer().body()).isEqualTo("GET /1?a\n");
            assertThat(client.send("POST /2 HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nhello").answer().body())
                    .isEqualTo("POST /2\nhello");
            assertThat(client.send("POST /3 HTTP/1.1\r\n" + HOST
                    + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n").answer().body())
                    .isEqualTo("POST /3\nhello");
        }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(TestingHandler.echo());
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append("POST /").append(i).append(" HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n\r\nab");
            }
            client.send(requests.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(client.answer().body()).isEqualTo("POST /" + i + "\nab");
            }
        }
    }

    @Test
    void beginsAPipelinedRequestOnlyWhenTheOneBeforeIsAnswered() throws Exception {
        TestingHandler handler = new TestingHandler();
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send("GET /1 HTTP/1.1\r\n" + HOST + "\r\nGET /2 HTTP/1.1\r\n" + HOST + "\r\n");
            RecordedExchange first = next(handler);
            assertThat(first.exchange.request().path()).isEqualTo("/1");
            onLoop(first, () -> assertThat(handler.exchanges).isEmpty());
            onLoop(first, () -> first.answer(200, ""));

            assertThat(next(handler).exchange.request().path()).isEqualTo("/2");
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1,,keep", "HTTP/1.1,close,close", "HTTP/1.0,,close", "HTTP/1.0,keep-alive,keep",
        "HTTP/1.0,'keep-alive, close',close", "HTTP/1.1,Close,close"})
    void keepsTheConnectionAsTheClientWishes(String version, String connection, String fate) throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(TestingHandler.echo());
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            RawHttp1Client.Answer answer = client.send("GET / " + version + "\r\n" + HOST
                    + (connection == null ? "" : "Connection: " + connection + "\r\n") + "\r\n").answer();

            assertThat(answer.body()).isEqualTo("GET /\n");
            if (fate.equals("close")) {
                assertThat(answer.field("connection")).isEqualTo("close");
                assertThat(client.untilClosed()).isEmpty();
            } else {
                assertThat(answer.field("connection")).isEqualTo(version.equals("HTTP/1.0") ? "keep-alive" : "");
                assertThat(client.send("GET /2 HTTP/1.1\r\n" + HOST + "\r\n").answer().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"GET,200,5,5", "HEAD,200,5,5", "GET,304,5,5", "GET,204,-1,''", "GET,204,5,''", "HEAD,200,-1,''",
        "GET,200,0,0", "GET,404,-1,0"})
    void declaresTheLengthOfABodyThatDoesNotCome(String method, int status, long length, String declared)
            throws Exception {
        boolean end = !method.equals("GET") || length <= 0 || status == 304 || status == 204;
        TestingHandler handler = answering(exchange -> {
            exchange.respond(new ResponseHead(status, new Headers(), length), end);
            if (!end) {
                exchange.chunk(TestingHandler.text("hello"));
                exchange.end(new Headers());
            }
        });
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            for (int i = 0; i < 2; i++) {
                RawHttp1Client.Answer answer =
                        client.send(method + " / HTTP/1.1\r\n" + HOST + "\r\n").answer(method.equals("HEAD"));
                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.field("content-length")).isEqualTo(declared);
                assertThat(answer.fields()).doesNotContainKey("transfer-encoding");
            }
        }
    }

    @Test
    void sendsABodyOfUnknownLengthInChunksWithTrailers() throws Exception {
        TestingHandler handler = answering(exchange -> {
            exchange.respond(new ResponseHead(200, Headers.of("x", "y"), RequestHead.UNKNOWN_LENGTH), false);
            exchange.chunk(TestingHandler.text("hello"));
            exchange.chunk(Unpooled.EMPTY_BUFFER);
            exchange.chunk(TestingHandler.text("w".repeat(70_000)));
            exchange.end(Headers.of("grpc-status", "0", "content-length", "5"));
        });
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            RawHttp1Client.Answer answer = client.send("GET / HTTP/1.1\r\n" + HOST + "\r\n").answer();

            assertThat(answer.body()).isEqualTo("hello" + "w".repeat(70_000));
            assertThat(answer.trailers()).containsOnlyKeys("grpc-status");
        }
    }

    @Test
    void endsABodyOfUnknownLengthWithTheConnectionForAClientOfHttp10() throws Exception {
        TestingHandler handler = answering(exchange -> {
            exchange.respond(new ResponseHead(200, new Headers(), RequestHead.UNKNOWN_LENGTH), false);
            exchange.chunk(TestingHandler.text("hello"));
            exchange.end(new Headers());
        });
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            RawHttp1Client.Answer answer =
                    client.send("GET / HTTP/1.0\r\n" + HOST + "Connection: keep-alive\r\n\r\n").answer();

            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(answer.fields()).doesNotContainKeys("transfer-encoding", "content-length");
            assertThat(answer.body()).isEqualTo("hello");
        }
    }

    @Test
    void deliversTrailers() throws Exception {
        TestingHandler handler = TestingHandler.echo();
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send("POST / HTTP/1.1\r\n" + HOST
                    + "Transfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\nCookie: a\r\n\r\n").answer();

            assertThat(next(handler).trailers).hasToString("Headers[x-sum]");
        }
    }

    @Test
    void passesInterimAnswersToAClientOfHttp11Only() throws Exception {
        TestingHandler handler = answering(exchange -> {
            exchange.interim(new ResponseHead(103, Headers.of("link", "</a>"), RequestHead.UNKNOWN_LENGTH));
            exchange.respond(new ResponseHead(200, new Headers(), 0), true);
        });
        try (TestingGateway gateway = TestingGateway.plain(handler)) {
            try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
                client.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
                assertThat(client.answer().status()).isEqualTo(103);
                assertThat(client.answer().status()).isEqualTo(200);
            }
            try (RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
                assertThat(client.send("GET / HTTP/1.0\r\n" + HOST + "\r\n").answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void asksForABodyThatTheClientHoldsBackWhenItIsWanted() throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(TestingHandler.echo());
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send("POST / HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(100);
            client.send("hello");
            assertThat(client.answer().body()).isEqualTo("POST /\nhello");
        }
    }

    @Test
    void doesNotAskForABodyThatHasBegun() throws Exception {
        try (TestingGateway gateway = TestingGateway.plain(TestingHandler.echo());
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send("POST / HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void closesWhenItAnswersWithoutTheBodyThatTheClientHoldsBack() throws Exception {
        TestingHandler handler = handler(recorded -> recorded.answer(403, ""));
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            RawHttp1Client.Answer answer = client
                    .send("POST / HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n").answer();

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(client.untilClosed()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "Content-Length: 60000\r\n\r\n"})
    void readsASmallBodyAwayThatNobodyWants(String bodyAndFraming) throws Exception {
        TestingHandler handler = handler(recorded -> recorded.answer(403, ""));
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            assertThat(client.send("POST / HTTP/1.1\r\n" + HOST + bodyAndFraming).answer().status()).isEqualTo(403);
            if (bodyAndFraming.contains("60000")) {
                client.send("x".repeat(60_000));
            }
            assertThat(client.send("GET /2 HTTP/1.1\r\n" + HOST + "\r\n").answer().status()).isEqualTo(403);
            assertThat(next(handler).exchange.request().path()).isEqualTo("/");
            assertThat(next(handler).exchange.request().path()).isEqualTo("/2");
        }
    }

    @Test
    void letsTheClientReadTheAnswerToALargeBodyThatNobodyWants() throws Exception {
        TestingHandler handler = handler(recorded -> recorded.answer(413, "too large"));
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 10000000\r\n\r\n");
            client.send("x".repeat(500_000));
            RawHttp1Client.Answer answer = client.answer();

            assertThat(answer.body()).isEqualTo("too large");
            assertThat(answer.field("connection")).isEqualTo("close");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "long", "promised", "abort", "switching"})
    void neverLetsABrokenAnswerPassForWhole(String fault) throws Exception {
        TestingHandler handler = answering(exchange -> {
            int status = fault.equals("switching") ? 101 : 200;
            exchange.respond(new ResponseHead(status, new Headers(), 10), fault.equals("promised"));
            exchange.chunk(TestingHandler.text("x".repeat(fault.equals("long") ? 11 : 9)));
            if (fault.equals("abort")) {
                exchange.abort();
            } else {
                exchange.end(new Headers());
            }
        });
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
            String received = "";
            try {
                received = client.untilClosed();
            } catch (IOException e) {
                // a reset is as good
            }
            assertThat(received).satisfiesAnyOf(text -> assertThat(text).isEmpty(),
                    text -> assertThat(text.substring(text.indexOf("\r\n\r\n") + 4)).hasSizeLessThan(10));
        }
    }

    @Test
    void resetsTheConnectionWhenItsEndWouldMeanTheEndOfTheBody() throws Exception {
        TestingHandler handler = answering(exchange -> {
            exchange.respond(new ResponseHead(200, new Headers(), RequestHead.UNKNOWN_LENGTH), false);
            exchange.chunk(TestingHandler.text("hello"));
            exchange.loop().schedule(exchange::abort, 50, TimeUnit.MILLISECONDS);
        });
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send("GET / HTTP/1.0\r\n" + HOST + "\r\n");
            assertThatThrownBy(client::untilClosed).isInstanceOf(IOException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void breaksOffWhenTheHandlerThrows() throws Exception {
        TestingHandler handler = handler(_ -> {
            throw new IllegalStateException("as planned");
        });
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(client.untilClosed()).isEmpty();
            assertThat(next(handler).events.poll(5, TimeUnit.SECONDS)).isEqualTo("disconnected");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"})
    void noticesAtOnceThatTheClientHangsUpWhileItWaits(String request) throws Exception {
        TestingHandler handler = new TestingHandler();
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send(request);
            RecordedExchange recorded = next(handler);
            client.close();

            assertThat(recorded.events.poll(5, TimeUnit.SECONDS)).isEqualTo("disconnected");
        }
    }

    @Test
    void tellsThatTheBodyBrokeOffWhenTheClientHangsUpWithinIt() throws Exception {
        TestingHandler handler = TestingHandler.echo();
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            client.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 9\r\n\r\nhello");
            RecordedExchange recorded = next(handler);
            client.close();

            assertThat(recorded.events.poll(5, TimeUnit.SECONDS)).isEqualTo("failed malformed-request");
        }
    }

    @Test
    void doesNotTakeWhatTheListenerDoesNotWant() throws Exception {
        Semaphore chunks = new Semaphore(0);
        TestingHandler handler = handler(recorded -> {
            recorded.onChunk = () -> {
                recorded.exchange.pauseRequest();
                chunks.release();
            };
            recorded.exchange.resumeRequest();
        });
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address())) {
            int length = 30_000_000;
            client.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: " + length + "\r\n\r\n");
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 300; i++) {
                        client.send("x".repeat(100_000));
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            RecordedExchange recorded = next(handler);
            chunks.acquire();
            onLoop(recorded, () -> {
                assertThat(recorded.received).isLessThan(200_000);
                recorded.onChunk = () -> {};
                recorded.exchange.resumeRequest();
            });
            assertThat(recorded.events.poll(20, TimeUnit.SECONDS)).isEqualTo("end");
            assertThat(recorded.received).isEqualTo(length);
            sender.join();
        }
    }

    @Test
    void tellsWhenItCanTakeMoreOfTheAnswerAgain() throws Exception {
        TestingHandler handler =
                handler(recorded -> recorded.exchange.respond(new ResponseHead(200, new Headers(), 40_000_000), false));
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address(), 16 * 1024)) {
            client.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
            RecordedExchange recorded = next(handler);
            int[] sent = new int[1];
            Runnable fill = () -> {
                while (recorded.exchange.writable() && sent[0] < 40_000_000) {
                    recorded.exchange.chunk(Unpooled.wrappedBuffer(new byte[50_000]));
                    sent[0] += 50_000;
                }
            };
            recorded.onWritable = fill;
            onLoop(recorded, fill);
            onLoop(recorded, () -> assertThat(sent[0]).isLessThan(30_000_000));

            client.input().skipNBytes(40_000_000);
            assertThat(recorded.events).contains("writable");
        }
    }

    @Test
    void letsTheExchangeEndWhenItDrainsAndThenCloses() throws Exception {
        TestingHandler handler = new TestingHandler();
        try (TestingGateway gateway = TestingGateway.plain(handler);
                RawHttp1Client client = RawHttp1Client.connect(gateway.address());
                RawHttp1Client idle = RawHttp1Client.connect(gateway.address())) {
            client.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
            RecordedExchange recorded = next(handler);
            gateway.listener.drain();
            assertThat(idle.untilClosed()).isEmpty();
            onLoop(recorded, () -> recorded.answer(200, "done"));

            RawHttp1Client.Answer answer = client.answer();
            assertThat(answer.body()).isEqualTo("done");
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(client.untilClosed()).isEmpty();
        }
    }

    private static TestingHandler handler(Consumer<RecordedExchange> onExchange) {
        TestingHandler handler = new TestingHandler();
        handler.onExchange = onExchange;
        return handler;
    }

    private static TestingHandler answering(Consumer<Exchange> answer) {
        return handler(recorded -> answer.accept(recorded.exchange));
    }

    private static RecordedExchange next(TestingHandler handler) throws InterruptedException {
        return requireNonNull(handler.exchanges.poll(10, TimeUnit.SECONDS), "no exchange came");
    }

    private static void onLoop(RecordedExchange recorded, Runnable action) throws Exception {
        recorded.exchange.loop().submit(action).get(10, TimeUnit.SECONDS);
    }
}
