package dev.sallyport.gateway.pipeline;

import static dev.sallyport.gateway.pipeline.TestingAnswerControl.bytes;
import static dev.sallyport.gateway.pipeline.TestingAnswerControl.filtering;
import static dev.sallyport.gateway.pipeline.TestingAnswerControl.gathering;
import static dev.sallyport.gateway.pipeline.TestingAnswerControl.go;
import static dev.sallyport.gateway.pipeline.TestingAnswerControl.opening;
import static dev.sallyport.gateway.pipeline.TestingAnswerControl.passing;
import static dev.sallyport.gateway.pipeline.TestingAnswerControl.refusing;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.AnswerControl;
import dev.sallyport.gateway.call.AnswerHandling;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers on their way through controls that let them pass, change them, gather them, end them or fail. */
final class AnswerPathTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nRatelimit: theirs\r\n\r\nhello";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-a: 1\r\n\r\n";
    private static final String ENDLESS = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    private static final Refusal REASON = Refusal.of(RefusalCode.ANSWER_NOT_ACCEPTABLE, "Not this.");

    @Test
    void anAnswerThatEveryControlPassesKeepsItsLengthAndItsBytes() throws Exception {
        try (AnsweredCalls calls = new AnsweredCalls(HELLO)) {
            FakeExchange exchange = calls.get(passing("a"), passing("b"));

            assertThat(exchange.response().contentLength()).isEqualTo(5);
            assertThat(exchange.body()).isEqualTo("hello");
            assertThat(exchange.response().headers().all("ratelimit")).containsExactly("ours");
            assertThat(calls.onlyCall().controls()).containsExactly("identify", "charge", "a", "b");
            assertThat(calls.onlyCall().outcome()).isEqualTo(Outcome.SUCCESS);
        }
    }

    @Test
    void filtersWorkOneBehindTheOtherAndTheLengthIsNotPromised() throws Exception {
        TestingFilter first = new TestingFilter().onEnd(() -> go("1"));
        TestingFilter second = new TestingFilter().onChunk(text -> go(text.toUpperCase(Locale.ROOT)))
                .onEnd(() -> go("2"));
        try (AnsweredCalls calls = new AnsweredCalls(HELLO)) {
            FakeExchange exchange = calls.get(filtering("a", first), filtering("b", second));

            assertThat(exchange.body()).isEqualTo("HELLO12");
            assertThat(second.seen()).isEqualTo("hello1");
            assertThat(exchange.response().contentLength()).isEqualTo(RequestHead.UNKNOWN_LENGTH);
            calls.onlyCall();
            assertThat(List.of(first.closed(), second.closed())).containsOnly(1);
        }
    }

    @Test
    void aFilterThatKeepsTheLengthLetsItBePromised() throws Exception {
        AnswerControl counting =
                opening("a", (_, _) -> new AnswerHandling.Stream(new TestingFilter(), true));
        try (AnsweredCalls calls = new AnsweredCalls(HELLO)) {
            assertThat(calls.get(counting).response().contentLength()).isEqualTo(5);
        }
    }

    @Test
    void aGatheredAnswerGoesOutWithTheLengthThatItHasThen() throws Exception {
        FakeExchange[] asked = new FakeExchange[1];
        AtomicReference<Boolean> answeredBefore = new AtomicReference<>();
        AnswerControl whole = gathering("a", 5, text -> {
            answeredBefore.set(asked[0].answered());
            return go(text + " world");
        });
        try (AnsweredCalls calls = new AnsweredCalls(CHUNKED)) {
            asked[0] = calls.exchange("GET");
            FakeExchange exchange = calls.run(asked[0], whole);

            assertThat(exchange.body()).isEqualTo("hello world");
            assertThat(exchange.response().contentLength()).isEqualTo(11);
            assertThat(answeredBefore).hasValue(false);
        }
    }

    @Test
    void filtersAndGatherersStandInAnyOrder() throws Exception {
        for (int order = 0; order < 4; order++) {
            TestingFilter filter = new TestingFilter().onEnd(() -> go("!"));
            AnswerControl streaming = filtering("a", filter);
            AnswerControl doubling = gathering("b", 100, text -> go(text + text));
            AnswerControl bracketing = gathering("c", 100, text -> go("(" + text + ")"));
            AnswerControl[] controls = switch (order) {
                case 0 -> new AnswerControl[]{streaming, doubling, bracketing};
                case 1 -> new AnswerControl[]{doubling, streaming, bracketing};
                case 2 -> new AnswerControl[]{doubling, bracketing, streaming};
                default -> new AnswerControl[]{passing("d"), bracketing, streaming, doubling, passing("e")};
            };
            String expected =
                    List.of("(hello!hello!)", "(hellohello!)", "(hellohello)!", "(hello)!(hello)!").get(order);
            try (AnsweredCalls calls = new AnsweredCalls(CHUNKED)) {
                FakeExchange exchange = calls.get(controls);

                assertThat(exchange.body()).isEqualTo(expected);
                assertThat(exchange.response().contentLength())
                        .isEqualTo(order == 2 ? RequestHead.UNKNOWN_LENGTH : expected.length());
                calls.onlyCall();
                assertThat(filter.closed()).isEqualTo(1);
            }
        }
    }

    @Test
    void aRefusalOfTheHeadTakesItsPlaceAndCancelsTheUpstream() throws Exception {
        TestingFilter filter = new TestingFilter();
        TestingAnswerControl never = passing("never");
        try (AnsweredCalls calls = new AnsweredCalls(ENDLESS)) {
            FakeExchange exchange = calls.get(filtering("a", filter), refusing("b"), never);

            assertThat(exchange.response().status()).isEqualTo(502);
            assertThat(exchange.body()).contains("answer-not-acceptable").doesNotContain("hello");
            assertThat(calls.onlyCall().controls()).endsWith("a", "b");
            assertThat(filter.closed()).isEqualTo(1);
            assertThat(never.opened()).isZero();
            assertThat(calls.awaitUpstream()).isIn("end of 1", "broken 1");
        }
    }

    @Test
    void aRefusalOfABodyBreaksTheAnswerOffOnceItHasBegun() throws Exception {
        TestingFilter filter = new TestingFilter().onChunk(_ -> REASON);
        try (AnsweredCalls calls = new AnsweredCalls(ENDLESS)) {
            FakeExchange exchange = calls.get(filtering("a", filter));

            assertThat(exchange.events()).endsWith("respond 200", "abort");
            assertThat(exchange.body()).isEmpty();
            assertThat(calls.onlyCall().refusal()).isEqualTo(REASON);
            assertThat(calls.onlyCall().outcome()).isEqualTo(Outcome.UPSTREAM);
            assertThat(calls.awaitUpstream()).isIn("end of 1", "broken 1");
        }
    }

    @Test
    void aRefusalOfABodyWhoseHeadIsHeldTakesTheAnswersPlace() throws Exception {
        AnswerControl whole = gathering("b", 100, AnswerPathTest::sameText);
        for (AnswerControl[] controls : new AnswerControl[][]{
            {filtering("a", new TestingFilter().onChunk(_ -> REASON)), whole},
            {filtering("a", new TestingFilter().onEnd(() -> REASON)), whole},
            {gathering("a", 100, _ -> REASON), whole},
            {whole, gathering("a", 100, _ -> REASON)}}) {
            try (AnsweredCalls calls = new AnsweredCalls(CHUNKED)) {
                FakeExchange exchange = calls.get(controls);

                assertThat(exchange.response().status()).isEqualTo(502);
                assertThat(exchange.body()).contains("Not this.").doesNotContain("hello");
                assertThat(calls.onlyCall().refusal()).isEqualTo(REASON);
            }
        }
    }

    @Test
    void aBodyIsRefusedAtTheFirstBytePastWhatMayBeGathered() throws Exception {
        try (AnsweredCalls calls = new AnsweredCalls(ENDLESS)) {
            FakeExchange exchange = calls.get(gathering("a", 4, AnswerPathTest::sameText));

            assertThat(exchange.response().status()).isEqualTo(502);
            assertThat(exchange.body()).contains("answer-too-large");
            assertThat(calls.awaitUpstream()).isIn("end of 1", "broken 1");
        }
    }

    @Test
    void anAnswerThatAControlEndsIsWholeToTheClientAndTheUpstreamIsCancelled() throws Exception {
        TestingFilter behind = new TestingFilter().onEnd(() -> go("."));
        AnswerControl cutting =
                filtering("a", new TestingFilter().onChunk(text -> new AnswerStep.Last(bytes(text + "|"), REASON)));
        try (AnsweredCalls calls = new AnsweredCalls(ENDLESS)) {
            FakeExchange exchange = calls.get(cutting, filtering("b", behind));

            assertThat(exchange.body()).isEqualTo("hello|.");
            assertThat(exchange.events()).endsWith("respond 200", "end");
            assertThat(calls.onlyCall().refusal()).isEqualTo(REASON);
            assertThat(calls.onlyCall().outcome()).isEqualTo(Outcome.UPSTREAM);
            assertThat(behind.closed()).isEqualTo(1);
            assertThat(calls.awaitUpstream()).isIn("end of 1", "broken 1");
        }
    }

    @Test
    void anAnswerThatAControlEndsIsGatheredBehindIt() throws Exception {
        AnswerControl cutting =
                filtering("a", new TestingFilter().onChunk(text -> new AnswerStep.Last(bytes(text + "|"), REASON)));
        try (AnsweredCalls calls = new AnsweredCalls(ENDLESS)) {
            FakeExchange exchange = calls.get(cutting, gathering("b", 100, text -> go("(" + text + ")")));

            assertThat(exchange.body()).isEqualTo("(hello|)");
            assertThat(exchange.response().contentLength()).isEqualTo(8);
        }
    }

    @Test
    void aControlMayEndAnAnswerAtItsEnd() throws Exception {
        AnswerControl cutting =
                filtering("a", new TestingFilter().onEnd(() -> new AnswerStep.Last(bytes("|"), REASON)));
        try (AnsweredCalls calls = new AnsweredCalls(CHUNKED)) {
            assertThat(calls.get(cutting).body()).isEqualTo("hello|");
            assertThat(calls.onlyCall().refusal()).isEqualTo(REASON);
            assertThat(calls.onlyCall().outcome()).isEqualTo(Outcome.UPSTREAM);
        }
    }

    @Test
    void whatAWholeBodyBecomesMayComeLaterFromAnotherThread() throws Exception {
        AtomicReference<Thread> noted = new AtomicReference<>();
        AnswerControl late = gathering("b", 100, text -> {
            CompletableFuture<AnswerStep> coming = new CompletableFuture<>();
            coming.completeAsync(() -> go("(" + text + ")"));
            return new AnswerStep.Later(coming, () -> noted.set(Thread.currentThread()));
        });
        for (String answer : List.of(HELLO, CHUNKED)) {
            try (AnsweredCalls calls = new AnsweredCalls(answer)) {
                FakeExchange exchange =
                        calls.get(filtering("a", new TestingFilter()), late, late,
                                filtering("c", new TestingFilter().onEnd(() -> go("!"))));

                assertThat(exchange.body()).isEqualTo("((hello))!");
                assertThat(exchange.trailers().first("x-a")).isEqualTo(answer.equals(CHUNKED) ? "1" : null);
                assertThat(String.valueOf(noted.get())).contains("loop");
                assertThat(calls.onlyCall().outcome()).isEqualTo(Outcome.SUCCESS);
            }
        }
    }

    @Test
    void anAnswerThatAControlEndsMayBeGatheredAndComeLater() throws Exception {
        AnswerControl cutting =
                filtering("a", new TestingFilter().onChunk(text -> new AnswerStep.Last(bytes(text + "|"), REASON)));
        AnswerControl late = gathering("b", 100,
                text -> new AnswerStep.Later(CompletableFuture.supplyAsync(() -> go(text)), () -> {}));
        try (AnsweredCalls calls = new AnsweredCalls(ENDLESS)) {
            assertThat(calls.get(cutting, late).body()).isEqualTo("hello|");
            assertThat(calls.awaitUpstream()).isIn("end of 1", "broken 1");
            assertThat(calls.onlyCall().refusal()).isEqualTo(REASON);
        }
    }

    @Test
    void aLaterStepThatFailsOrIsLaterAgainOrComesTooSoonRefuses() throws Exception {
        AnswerStep.Later again = new AnswerStep.Later(CompletableFuture.completedFuture(
                new AnswerStep.Later(CompletableFuture.completedFuture(go("x")), () -> {})), () -> {});
        for (AnswerControl control : List.of(
                gathering("a", 100,
                        _ -> new AnswerStep.Later(CompletableFuture.failedFuture(new IllegalStateException("gone")),
                                () -> {})),
                gathering("a", 100,
                        _ -> new AnswerStep.Later(CompletableFuture.completedFuture(go("x")), () -> failed())),
                gathering("a", 100, _ -> new AnswerStep.Later(CompletableFuture.completedFuture(nothing()), () -> {})),
                gathering("a", 100, _ -> again))) {
            try (AnsweredCalls calls = new AnsweredCalls(CHUNKED)) {
                assertThat(calls.get(control).response().status()).isEqualTo(500);
                assertThat(calls.onlyCall().outcome()).isEqualTo(Outcome.GATEWAY);
            }
        }
        AnswerControl soon = filtering("a", new TestingFilter()
                .onChunk(text -> new AnswerStep.Later(CompletableFuture.completedFuture(go(text)), () -> {})));
        try (AnsweredCalls calls = new AnsweredCalls(CHUNKED)) {
            assertThat(calls.get(soon).events()).endsWith("abort");
        }
    }

    @Test
    void aLaterStepIsNotWaitedForBeyondTheDeadlineNorByAClientThatHasLeft() throws Exception {
        AnswerControl never = gathering("a", 100, _ -> new AnswerStep.Later(new CompletableFuture<>(), () -> {}));
        try (AnsweredCalls calls = new AnsweredCalls(CHUNKED)) {
            FakeExchange hasty = calls.run(calls.exchange("GET", Headers.of("sallyport-timeout-ms", "300")), never);

            assertThat(hasty.response().status()).isEqualTo(500);
            assertThat(hasty.body()).contains("control-failed");
        }
        CompletableFuture<AnswerStep> coming = new CompletableFuture<>();
        ByteBuf unwanted = bytes("x");
        try (AnsweredCalls calls = new AnsweredCalls(CHUNKED)) {
            FakeExchange exchange = calls.exchange("GET");
            calls.run(exchange, gathering("a", 100, _ -> {
                exchange.loop().execute(() -> {
                    exchange.listener().disconnected();
                    coming.complete(new AnswerStep.Go(unwanted));
                    exchange.done().complete(exchange);
                });
                return new AnswerStep.Later(coming, () -> failed());
            }));

            assertThat(calls.onlyCall().outcome()).isEqualTo(Outcome.CLIENT);
            assertThat(exchange.answered()).isFalse();
        }
        assertThat(unwanted.refCnt()).isZero();
    }

    private enum Verb {
        OPEN, NO_HANDLING, CHUNK, NO_STEP, END, NO_LAST_STEP, WHOLE, TRAILERS
    }

    @ParameterizedTest
    @EnumSource
    void aControlThatFailsRefusesWhereverItFails(Verb verb) throws Exception {
        AnswerControl failing = switch (verb) {
            case OPEN -> opening("b", (_, _) -> failed());
            case NO_HANDLING -> opening("b", (_, _) -> nothing());
            case CHUNK -> filtering("b", new TestingFilter().onChunk(_ -> failed()));
            case NO_STEP -> filtering("b", new TestingFilter().onChunk(_ -> nothing()));
            case END -> filtering("b", new TestingFilter().onEnd(() -> failed()));
            case NO_LAST_STEP -> filtering("b", new TestingFilter().onEnd(() -> nothing()));
            case WHOLE -> gathering("b", 100, _ -> failed());
            case TRAILERS -> passing("b").onTrailers(_ -> failed());
        };
        TestingFilter before = new TestingFilter();
        try (AnsweredCalls calls = new AnsweredCalls(CHUNKED)) {
            FakeExchange exchange = calls.get(filtering("a", before), failing);

            if (verb == Verb.OPEN || verb == Verb.NO_HANDLING || verb == Verb.WHOLE) {
                assertThat(exchange.response().status()).isEqualTo(500);
                assertThat(exchange.body()).contains("control-failed").doesNotContain("on fire");
            } else {
                assertThat(exchange.events()).endsWith("respond 200", "abort");
            }
            Call call = calls.onlyCall();
            assertThat(String.valueOf(call.refusal())).contains("CONTROL_FAILED");
            assertThat(call.outcome()).isEqualTo(Outcome.GATEWAY);
            assertThat(before.closed()).isEqualTo(1);
        }
    }

    @Test
    void aControlThatCannotLetGoKeepsNoCallFromBeingSettledAndRecorded() throws Exception {
        TestingFilter behind = new TestingFilter();
        AnswerControl clinging = filtering("a", new TestingFilter().onClose(() -> failed()));
        try (AnsweredCalls calls = new AnsweredCalls(HELLO)) {
            assertThat(calls.get(clinging, filtering("b", behind)).body()).isEqualTo("hello");

            assertThat(calls.onlyCall().outcome()).isEqualTo(Outcome.SUCCESS);
            assertThat(behind.closed()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPEN", "CHUNK", "END", "WHOLE", "TRAILERS"})
    void aClientThatHangsUpEndsTheCallOnceWhereverTheAnswerIs(Verb verb) throws Exception {
        TestingFilter before = new TestingFilter();
        TestingFilter behind = new TestingFilter();
        try (AnsweredCalls calls = new AnsweredCalls(CHUNKED)) {
            FakeExchange exchange = calls.exchange("GET");
            Runnable hangUp = () -> {
                exchange.listener().disconnected();
                exchange.done().complete(exchange);
            };
            AnswerControl leaving = switch (verb) {
                case OPEN -> opening("b", (_, _) -> after(hangUp, AnswerHandling.PASS));
                case CHUNK -> filtering("b", new TestingFilter().onChunk(text -> after(hangUp, go(text))));
                case END -> filtering("b", new TestingFilter().onEnd(() -> after(hangUp, go("x"))));
                case TRAILERS -> passing("b").onTrailers(_ -> hangUp.run());
                default -> gathering("b", 100, text -> after(hangUp, go(text)));
            };
            calls.run(exchange, filtering("a", before), leaving, filtering("c", behind));

            Call call = calls.onlyCall();
            assertThat(call.outcome()).isEqualTo(Outcome.CLIENT);
            assertThat(before.closed()).isEqualTo(1);
            assertThat(behind.closed()).isEqualTo(verb == Verb.OPEN ? 0 : 1); // nobody is asked any more
            assertThat(exchange.events()).doesNotContain("abort");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "204", "304"})
    void anAnswerWithoutABodyHasNoLengthThatAControlWouldHide(String kind) throws Exception {
        boolean head = kind.equals("HEAD");
        AnswerControl whole = gathering("a", 100, _ -> failed());
        try (AnsweredCalls calls = new AnsweredCalls("HTTP/1.1 " + (head ? "200" : kind) + " Status\r\nETag: \"a\"\r\n"
                + (kind.equals("204") ? "" : "Content-Length: 5\r\n") + "\r\n")) {
            FakeExchange exchange = calls.run(calls.exchange(head ? "HEAD" : "GET"), whole);

            assertThat(exchange.response().contentLength()).isEqualTo(RequestHead.UNKNOWN_LENGTH);
            assertThat(exchange.response().status()).isEqualTo(head ? 200 : Integer.parseInt(kind));
            assertThat(calls.onlyCall().outcome()).isEqualTo(Outcome.SUCCESS);
        }
    }

    @Test
    void aWithheldAnswerGivesItsBeginningAndNothingElse() throws Exception {
        AtomicReference<String> beginning = new AtomicReference<>();
        AnswerControl withholding = opening("b", (_, _) -> new AnswerHandling.Withhold(5, begun -> {
            beginning.set(begun.toString(UTF_8));
            return REASON;
        }));
        for (String answer : List.of(HELLO, CHUNKED, ENDLESS)) {
            try (AnsweredCalls calls = new AnsweredCalls(answer)) {
                FakeExchange exchange = calls.get(filtering("a", new TestingFilter()), withholding);

                assertThat(exchange.response().status()).isEqualTo(502);
                assertThat(exchange.body()).contains("Not this.").doesNotContain("hello");
                assertThat(beginning).hasValue("hello");
                assertThat(calls.onlyCall().refusal()).isEqualTo(REASON);
            }
        }
        try (AnsweredCalls calls = new AnsweredCalls("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(calls.get(withholding).response().status()).isEqualTo(502);
            assertThat(beginning).hasValue("");
        }
    }

    @Test
    void trailersPassAsTheControlsLeaveThem() throws Exception {
        AnswerControl adding = passing("a").onTrailers(trailers -> trailers.add("x-b", "2"));
        try (AnsweredCalls calls = new AnsweredCalls(CHUNKED)) {
            Headers trailers = calls.get(adding, filtering("b", new TestingFilter())).trailers();

            assertThat(trailers.first("x-a")).isEqualTo("1");
            assertThat(trailers.first("x-b")).isEqualTo("2");
        }
    }

    @Test
    void interimResponsesTellNothingButLinks() throws Exception {
        try (AnsweredCalls calls = new AnsweredCalls(
                "HTTP/1.1 103 Early Hints\r\nServer: x\r\nLink: </a>\r\nSet-Cookie: a=b\r\n\r\n" + HELLO)) {
            FakeExchange exchange = calls.get(passing("a"));

            assertThat(exchange.interims()).singleElement()
                    .satisfies(head -> assertThat(head.headers()).hasToString("Headers[link]"));
            assertThat(exchange.body()).isEqualTo("hello");
        }
    }

    @Test
    void onlyTheAnswerThatCountsIsInspected() throws Exception {
        String busy = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
        TestingAnswerControl control = passing("a");
        for (String[] answers : new String[][]{{busy, HELLO}, {HELLO, busy}}) {
            try (AnsweredCalls calls = new AnsweredCalls(answers)) {
                assertThat(calls.get(control).body()).isEqualTo("hello");
            }
        }
        assertThat(control.opened()).isEqualTo(2);
    }

    private static AnswerStep sameText(String text) {
        return go(text);
    }

    private static <T> T failed() {
        throw new IllegalStateException("the table is on fire");
    }

    @SuppressWarnings("NullAway") // what a control in another's hands may do
    private static <T> T nothing() {
        return null;
    }

    private static <T> T after(Runnable action, T result) {
        action.run();
        return result;
    }
}
