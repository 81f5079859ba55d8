package dev.sallyport.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.testing.Http2Upstream;
import dev.sallyport.gateway.testing.Http2Upstream.Stream;
import dev.sallyport.gateway.testing.RawUpstream;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What passes between calls and an HTTP/2 upstream that behaves, leaves, or breaks the protocol. */
final class ForwardHttp2Test {
    private static final String[] OK = {":status", "200", "content-length", "2"};

    private final BlockingQueue<Stream> requests = new LinkedBlockingQueue<>();

    private static Http2Upstream answering() {
        return Http2Upstream.start((stream, end) -> stream.headers(false, OK).data(true, "ok"));
    }

    /** Keeps every request for the test to answer. */
    private Http2Upstream holding() {
        return Http2Upstream.start((stream, end) -> requests.add(stream));
    }

    private Stream next() throws InterruptedException {
        Stream stream = requests.poll(20, TimeUnit.SECONDS);
        assertThat(stream).isNotNull();
        return stream;
    }

    @Test
    void sendsTheRequestAndReadsItsAnswer() throws Exception {
        try (Http2Upstream server = Http2Upstream.start((stream, end) -> {
            requests.add(stream);
            stream.headers(false, ":status", "200", "content-length", "2", "x-model", "m").data(true, "ok");
        }); Forwarding forwarding = new Forwarding().to(server)) {
            RequestHead head = new RequestHead(
                    Protocol.HTTP_1_1, "GET", "http", "client.example", "/predict", "a=b",
                    Headers.of("accept", "*/*", "te", "trailers"), 0, null);
            ForwardProbe call = forwarding.forward(head, true, Duration.ofMillis(2_500), forwarding.context());

            assertThat(call.text()).isEqualTo("ok");
            assertThat(call.head().contentLength()).isEqualTo(2);
            assertThat(call.head().headers().toString()).isEqualTo("Headers[x-model]");
            Stream seen = next();
            assertThat(seen.path()).isEqualTo("/predict?a=b");
            assertThat(seen.headers().authority()).hasToString("127.0.0.1:" + server.port());
            assertThat(seen.headers().scheme()).hasToString("http");
            assertThat(seen.headers().get("te")).hasToString("trailers");
            assertThat(seen.headers().get("sallyport-timeout-ms")).hasToString("2500");
        }
    }

    @Test
    void carriesAGrpcCallWithItsDeadlineAndTrailers() throws Exception {
        Http2Upstream.Script echo = new Http2Upstream.Script() {
            @Override
            public void request(Stream stream, boolean end) {
                requests.add(stream);
                stream.headers(false, ":status", "200", "content-type", "application/grpc");
            }

            @Override
            public void data(Stream stream, String data, boolean end) {
                if (!data.isEmpty()) {
                    stream.data(false, data);
                }
                if (end) {
                    stream.headers(true, "grpc-status", "0", "x-tail", "t");
                }
            }
        };
        try (Http2Upstream server = Http2Upstream.start(echo); Forwarding forwarding = new Forwarding().to(server)) {
            RequestHead head = Forwarding.head("POST", "/pkg.Service/Method", RequestHead.UNKNOWN_LENGTH,
                    "content-type", "application/grpc", "te", "trailers");
            ForwardProbe call = forwarding.forward(head, false, Duration.ofSeconds(3), forwarding.context());

            assertThat(call.status()).as("the head comes while the request is still open").isEqualTo(200);
            for (String message : List.of("one", "two", "three")) {
                call.body(message);
                forwarding.await(message, () -> call.soFar().endsWith(message));
            }
            call.end();
            assertThat(call.text()).isEqualTo("onetwothree");
            assertThat(call.trailers().first("grpc-status")).isEqualTo("0");
            assertThat(call.trailers().first("x-tail")).isEqualTo("t");
            assertThat(next().headers().get("grpc-timeout")).hasToString("3000m");
        }
    }

    @Test
    void readsATrailersOnlyAnswer() throws Exception {
        try (Http2Upstream server =
                Http2Upstream.start((stream, end) -> stream.headers(true, ":status", "200", "grpc-status", "12"));
                Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/");

            assertThat(call.text()).isEmpty();
            assertThat(call.head().headers().first("grpc-status")).isEqualTo("12");
        }
    }

    @Test
    void sendsTrailersAndTheDeclaredLength() throws Exception {
        BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        Http2Upstream.Script script = new Http2Upstream.Script() {
            @Override
            public void request(Stream stream, boolean end) {
                requests.add(stream);
            }

            @Override
            public void data(Stream stream, String data, boolean end) {
                bodies.add(data);
                if (end) {
                    stream.headers(false, OK).data(true, "ok");
                }
            }
        };
        try (Http2Upstream server = Http2Upstream.start(script); Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.post("/", "hello").text()).isEqualTo("ok");
            assertThat(next().headers().get("content-length")).hasToString("5");

            ForwardProbe streamed = forwarding.forward(Forwarding.head("POST", "/", RequestHead.UNKNOWN_LENGTH), false)
                    .body("abc").end("x-sum", "1");
            assertThat(streamed.text()).isEqualTo("ok");
            Stream seen = next();
            assertThat(seen.headers().contains("content-length")).isFalse();
            assertThat(seen.trailers()).isNotNull();
            assertThat(String.join("", bodies)).isEqualTo("helloabc");
        }
    }

    @Test
    void carriesManyCallsOverOneConnectionAndTakesTheAnswersInAnyOrder() throws Exception {
        try (Http2Upstream server = holding(); Forwarding forwarding = new Forwarding().to(server)) {
            List<ForwardProbe> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(forwarding.get("/" + i));
            }
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                streams.add(next());
            }
            server.run(() -> streams.reversed()
                    .forEach(stream -> stream.headers(false, ":status", "200").data(true, stream.path())));

            for (int i = 0; i < 50; i++) {
                assertThat(calls.get(i).text()).isEqualTo("/" + i);
            }
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(forwarding.state(0).connections()).isEqualTo(1);
        }
    }

    @Test
    void staysWithinTheStreamsThatTheUpstreamAllows() throws Exception {
        AtomicInteger most = new AtomicInteger();
        AtomicInteger open = new AtomicInteger();
        Http2Settings two = Http2Settings.defaultSettings().maxConcurrentStreams(2);
        try (Http2Upstream server = new Http2Upstream(two, null, true, (stream, end) -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            requests.add(stream);
        }); Forwarding forwarding = new Forwarding().with(spec -> spec.connections(1), server)) {
            List<ForwardProbe> calls = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                calls.add(forwarding.get("/" + i));
            }
            for (int i = 0; i < 10; i++) {
                Stream stream = next();
                server.run(() -> {
                    open.decrementAndGet();
                    stream.headers(true, ":status", "204");
                });
            }
            for (ForwardProbe call : calls) {
                assertThat(call.status()).isEqualTo(204);
            }
            assertThat(most).hasValue(2);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void opensAnotherConnectionWhenTheFirstIsFull() throws Exception {
        Http2Settings one = Http2Settings.defaultSettings().maxConcurrentStreams(1);
        try (Http2Upstream server = new Http2Upstream(one, null, true, (stream, end) -> requests.add(stream));
                Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe first = forwarding.get("/1");
            Stream firstStream = next();
            ForwardProbe second = forwarding.get("/2");
            Stream secondStream = next();

            assertThat(secondStream.connection()).isNotEqualTo(firstStream.connection());
            server.run(
                    () -> List.of(firstStream, secondStream).forEach(stream -> stream.headers(true, ":status", "204")));
            assertThat(first.status()).isEqualTo(204);
            assertThat(second.status()).isEqualTo(204);
        }
    }

    @Test
    void repeatsElsewhereWhatALeavingUpstreamDidNotProcessWhateverTheMethod() throws Exception {
        try (Http2Upstream server = holding(); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe processed = forwarding.get("/processed");
            Stream first = next();
            ForwardProbe unprocessed = forwarding.forward(Forwarding.head("POST", "/unprocessed", 0), true);
            next();
            server.run(() -> first.leave(first.id()));
            Stream again = next();

            assertThat(again.path()).isEqualTo("/unprocessed");
            assertThat(again.connection()).isEqualTo(2);
            server.run(() -> List.of(first, again).forEach(stream -> stream.headers(false, OK).data(true, "ok")));
            assertThat(processed.text()).as("what was begun may end").isEqualTo("ok");
            assertThat(unprocessed.text()).isEqualTo("ok");
            assertThat(server.awaitEvent()).isEqualTo("end of 1");
            assertThat(unprocessed.call().attempts()).isEqualTo(2);
        }
    }

    @Test
    void repeatsARefusedStreamOnceWhateverTheMethod() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Http2Upstream server = Http2Upstream.start((stream, end) -> {
            if (tries.incrementAndGet() == 1) {
                stream.reset(Http2Error.REFUSED_STREAM);
            } else {
                stream.headers(false, OK).data(true, "ok");
            }
        }); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.forward(Forwarding.head("POST", "/", 0), true);

            assertThat(call.text()).isEqualTo("ok");
            assertThat(call.call().attempts()).isEqualTo(2);
        }
    }

    @Test
    void neverRepeatsAPostThatTheUpstreamMayHaveBegun() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Http2Upstream server = Http2Upstream.start((stream, end) -> {
            tries.incrementAndGet();
            stream.reset(Http2Error.INTERNAL_ERROR);
        }); Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.forward(Forwarding.head("POST", "/", 0), true).code())
                    .isEqualTo(RefusalCode.UPSTREAM_RESET);
            assertThat(tries).hasValue(1);
        }
    }

    @Test
    void failsWhenTheStreamIsResetInTheMiddleOfTheBody() throws Exception {
        try (Http2Upstream server = Http2Upstream.start((stream, end) -> {
            stream.headers(false, ":status", "200").data(false, "some");
            stream.reset(Http2Error.INTERNAL_ERROR);
        }); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/");

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_RESET);
            assertThat(call.failure().detail()).contains("INTERNAL_ERROR");
            assertThat(call.callbacksAfterTheLast()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        ":status,99", ":status,600", ":status,2x0", ":status,101", "status,200", ":status:x,200", "X-Upper,1",
        "connection,close",
        "transfer-encoding,chunked", "bad name,1", ":path,/", "content-length,x"})
    void failsOnAHeadThatBreaksTheProtocolAndKeepsTheConnection(String name, String value) throws Exception {
        try (Http2Upstream server = Http2Upstream.start((stream, end) -> {
            if (stream.path().equals("/good")) {
                stream.headers(false, OK).data(true, "ok");
            } else if (name.startsWith(":status") || name.equals("status")) {
                stream.headers(true, name, value);
            } else {
                stream.headers(true, ":status", "200", name, value);
            }
        }); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/bad");

            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_PROTOCOL_ERROR);
            assertThat(call.answered()).isFalse();
            assertThat(forwarding.get("/good").text()).isEqualTo("ok");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,ok", "3,ok"})
    void failsWhenTheBodyIsNotAsLongAsDeclared(String declared, String body) throws Exception {
        try (Http2Upstream server = Http2Upstream.start(
                (stream, end) -> stream.headers(false, ":status", "200", "content-length", declared).data(true, body));
                Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.get("/").code()).isEqualTo(RefusalCode.UPSTREAM_PROTOCOL_ERROR);
        }
    }

    @Test
    void boundsTheHeaderSection() throws Exception {
        String[] fields = new String[2 + 2 * 20];
        fields[0] = ":status";
        fields[1] = "200";
        for (int i = 2; i < fields.length; i += 2) {
            fields[i] = "x-" + i;
            fields[i + 1] = "v".repeat(8_000);
        }
        try (Http2Upstream server = Http2Upstream.start((stream, end) -> stream.headers(true, fields));
                Forwarding forwarding = new Forwarding().to(server)) {
            assertThat(forwarding.get("/").code()).isEqualTo(RefusalCode.UPSTREAM_PROTOCOL_ERROR);
        }
    }

    @Test
    void failsWhenTheUpstreamSpeaksSomethingElse() throws Exception {
        try (RawUpstream server = RawUpstream.start(connection -> {
            connection.write("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
            connection.readToEnd();
        }); Forwarding forwarding =
                new Forwarding().with(spec -> spec.protocol(UpstreamSpec.ClientProtocol.HTTP_2), server)) {
            assertThat(forwarding.get("/").code()).isEqualTo(RefusalCode.UPSTREAM_PROTOCOL_ERROR);
            forwarding.await("no connection is left", () -> forwarding.state(0).connections() == 0);
        }
    }

    @Test
    void resetsTheStreamOfACancelledCallAndKeepsTheConnection() throws Exception {
        BlockingQueue<Long> resets = new LinkedBlockingQueue<>();
        Http2Upstream.Script script = new Http2Upstream.Script() {
            @Override
            public void request(Stream stream, boolean end) {
                if (stream.path().equals("/held")) {
                    requests.add(stream);
                } else {
                    stream.headers(false, OK).data(true, "ok");
                }
            }

            @Override
            public void reset(Stream stream, long error) {
                resets.add(error);
            }
        };
        try (Http2Upstream server = Http2Upstream.start(script); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/held");
            next();
            call.cancel();

            assertThat(resets.poll(20, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL.code());
            assertThat(forwarding.get("/").text()).isEqualTo("ok");
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(call.over()).isFalse();
            assertThat(forwarding.state(0).callsInFlight()).isZero();
        }
    }

    @Test
    void takesAnAnswerThatComesBeforeTheRequestIsComplete() throws Exception {
        BlockingQueue<Long> resets = new LinkedBlockingQueue<>();
        Http2Upstream.Script script = new Http2Upstream.Script() {
            @Override
            public void request(Stream stream, boolean end) {
                stream.headers(false, ":status", "413", "content-length", "3").data(true, "big");
            }

            @Override
            public void reset(Stream stream, long error) {
                resets.add(error);
            }
        };
        try (Http2Upstream server = Http2Upstream.start(script); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.forward(Forwarding.head("POST", "/", 1_000), false).body("some");

            assertThat(call.text()).isEqualTo("big");
            assertThat(resets.poll(20, TimeUnit.SECONDS)).isEqualTo(Http2Error.NO_ERROR.code());
        }
    }

    @Test
    void keepsNoMoreThanAWindowOfAResponseThatNobodyReads() throws Exception {
        int window = 262_144;
        byte[] part = new byte[16_384];
        int parts = 128;
        try (Http2Upstream server = holding(); Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.get("/endless");
            Stream stream = next();
            server.run(() -> stream.headers(false, ":status", "200"));
            call.status();
            call.pause();
            server.run(() -> {
                for (int i = 0; i < parts; i++) {
                    stream.data(i == parts - 1, part);
                }
            });
            forwarding.await("the window is full", () -> call.received() >= window);
            ForwardProbe other = forwarding.get("/other");
            Stream otherStream = next();
            server.run(() -> otherStream.headers(false, OK).data(true, "ok"));

            assertThat(other.text()).as("a slow reader holds up nobody else").isEqualTo("ok");
            assertThat(call.received()).isEqualTo(window);
            call.resume();
            call.trailers();
            assertThat(call.received()).isEqualTo((long) parts * part.length);
        }
    }

    @Test
    void saysThatAnUpstreamTakesNoMoreOfTheRequestAndWhenItDoesAgain() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        Http2Upstream.Script script = new Http2Upstream.Script() {
            @Override
            public void request(Stream stream, boolean end) {
                requests.add(stream);
            }

            @Override
            public void data(Stream stream, String data, boolean end) {
                taken.addAndGet(data.length());
                if (end) {
                    stream.headers(false, OK).data(true, "ok");
                }
            }
        };
        try (Http2Upstream server = new Http2Upstream(Http2Settings.defaultSettings(), null, false, script);
                Forwarding forwarding = new Forwarding().to(server)) {
            ForwardProbe call = forwarding.forward(Forwarding.head("POST", "/", 200_000), false);
            Stream stream = next();
            assertThat(call.takesMore()).isTrue();
            call.body(new byte[100_000]);
            forwarding.await("the window is used up", () -> taken.get() == 65_535);
            assertThat(call.takesMore()).isFalse();
            assertThat(call.writables()).isZero();
            server.run(stream::acknowledge);
            forwarding.await("more is taken", () -> taken.get() == 100_000 && call.writables() > 0);
            assertThat(call.takesMore()).isTrue();
            call.body(new byte[100_000]).end();
            forwarding.await("all is taken", () -> {
                server.run(stream::acknowledge);
                return taken.get() == 200_000;
            });
            assertThat(call.text()).isEqualTo("ok");
        }
    }

    @Test
    void declinesATunnel() throws Exception {
        try (Http2Upstream server = answering(); Forwarding forwarding = new Forwarding().to(server)) {
            RequestHead head = new RequestHead(Protocol.HTTP_1_1, "GET", "http", "client.example", "/", null,
                    Headers.of(), 0, "websocket");

            assertThat(forwarding.forward(head, false).code()).isEqualTo(RefusalCode.NOT_IMPLEMENTED);
            assertThat(server.accepted()).isZero();
        }
    }

    @Test
    void failsEveryCallOfAConnectionThatBreaks() throws Exception {
        List<Stream> held = new CopyOnWriteArrayList<>();
        try (Http2Upstream server = Http2Upstream.start((stream, end) -> held.add(stream));
                Forwarding forwarding = new Forwarding().with(spec -> spec.retries(0), server)) {
            ForwardProbe first = forwarding.forward(Forwarding.head("POST", "/", 0), true);
            ForwardProbe second = forwarding.forward(Forwarding.head("POST", "/", 0), true);
            forwarding.await("both are there", () -> held.size() == 2);
            server.run(() -> held.getFirst().channel().close());

            assertThat(first.code()).isEqualTo(RefusalCode.UPSTREAM_RESET);
            assertThat(second.code()).isEqualTo(RefusalCode.UPSTREAM_RESET);
            forwarding.await("no connection is left", () -> forwarding.state(0).connections() == 0);
        }
    }

    @Test
    void closesAConnectionOnWhichNotEvenAPingIsAnswered() throws Exception {
        try (Http2Upstream server = holding();
                Forwarding forwarding = new Forwarding().with(spec -> spec.firstByteMillis(1_000), server)) {
            ForwardProbe call = forwarding.get("/");
            next().channel().config().setAutoRead(false);
            forwarding.time.pass(Duration.ofSeconds(1));
            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_FIRST_BYTE_TIMEOUT);
            assertThat(forwarding.state(0).connections()).isEqualTo(1);
            forwarding.time.pass(Duration.ofSeconds(5));

            forwarding.await("the dead connection is closed", () -> forwarding.state(0).connections() == 0);
        }
    }

    @Test
    void keepsAConnectionOnWhichThePingIsAnswered() throws Exception {
        try (Http2Upstream server = holding();
                Forwarding forwarding = new Forwarding().with(spec -> spec.firstByteMillis(1_000), server)) {
            ForwardProbe call = forwarding.get("/");
            next();
            forwarding.time.pass(Duration.ofSeconds(1));
            assertThat(call.code()).isEqualTo(RefusalCode.UPSTREAM_FIRST_BYTE_TIMEOUT);
            ForwardProbe another = forwarding.get("/another");
            Stream stream = next();
            // The answer to the ping left before this one's.
            server.run(() -> stream.headers(false, OK).data(true, "ok"));
            assertThat(another.text()).isEqualTo("ok");
            forwarding.time.pass(Duration.ofSeconds(5));
            ForwardProbe third = forwarding.get("/third");
            Stream last = next();
            server.run(() -> last.headers(false, OK).data(true, "ok"));

            assertThat(third.text()).isEqualTo("ok");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }
}
