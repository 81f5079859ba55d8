package dev.sallyport.gateway.limit;

import static dev.sallyport.gateway.limit.TestingSpending.DAY;
import static dev.sallyport.gateway.limit.TestingSpending.PARTNER;
import static dev.sallyport.gateway.limit.TestingSpending.budget;
import static dev.sallyport.gateway.limit.TestingSpending.end;
import static dev.sallyport.gateway.limit.TestingSpending.ofPartner;
import static dev.sallyport.gateway.limit.TestingSpending.passes;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.AnswerHandling;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.testing.LeakGuard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is charged when the answer says what was used: a cent for each token, of which ten are reserved. */
@ExtendWith(LeakGuard.class)
final class UsageTest {
    private static final String EVENTS = "text/event-stream; charset=utf-8";
    private static final String JSON = "application/json";

    private final TestingSpending spending = new TestingSpending();

    @Test
    void chargesWhatTheAnswerSays() {
        assertThat(charged(JSON, "{\"choices\":[{\"usage\":1}],\"usage\":{\"total\":7}}")).isEqualTo(70_000);
        assertThat(charged("application/problem+json; x=y", "{\"usage\":{\"total\":0}}")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "", "{\"usage\":{\"total\":-3}}", "{\"usage\":{\"total\":\"3\"}}", "not JSON",
        "{\"usage\":{\"total\":1e1}}", "{\"usage\":3}"})
    void chargesTheReserveWhenTheAnswerDoesNotSayIt(String body) {
        assertThat(charged(JSON, body)).isEqualTo(100_000);
    }

    @Test
    void chargesTheReserveWhenTheAnswerCannotBeRead() {
        assertThat(charged("text/plain", "{\"usage\":{\"total\":7}}")).isEqualTo(100_000);
        assertThat(charged(Headers.of("content-type", JSON, "content-encoding", "gzip"), "{\"usage\":{\"total\":7}}"))
                .isEqualTo(100_000);
    }

    @Test
    void aFieldOfTheAnswerGoesBeforeItsBody() {
        String body = "{\"usage\":{\"total\":7}}";
        assertThat(charged(Headers.of("content-type", JSON, "x-usage", "3"), body)).isEqualTo(30_000);
        assertThat(charged(Headers.of("content-type", JSON, "x-usage", "2.5"), body)).isEqualTo(30_000);
        for (String malformed : new String[]{"-3", "", "3 4", ".5", "1.2.3", "1e1", "0x3", "9".repeat(30)}) {
            assertThat(charged(Headers.of("content-type", JSON, "x-usage", malformed), body)).as(malformed)
                    .isEqualTo(70_000);
        }
    }

    /** The stream, cut into three parts at every two places, with either end of line. */
    @Test
    void chargesTheLastEventThatSaysItWhereverTheStreamIsCut() {
        String stream = "\uFEFF: hello\n\nevent: delta\ndata: {\"usage\":\ndata: {\"total\":2}}\n\n"
                + "data:{\"text\":\"data: {\\\"usage\\\":{\\\"total\\\":9}}\"}\nid: 7\n\n"
                + "data: {\"usage\":{\"total\":6}}\n\ndata: [DONE]\n\n";
        for (String lineEnd : new String[]{"\n", "\r\n", "\r"}) {
            byte[] bytes = stream.replace("\n", lineEnd).getBytes(UTF_8);
            for (int first = 0; first <= bytes.length; first++) {
                for (int second = first; second <= bytes.length; second += 7) {
                    Call call = call("100");
                    AnswerHandling.Stream handling = open(call, Headers.of("content-type", EVENTS));
                    StringBuilder passed = new StringBuilder();
                    for (byte[] part : new byte[][]{Arrays.copyOf(bytes, first),
                        Arrays.copyOfRange(bytes, first, second),
                        Arrays.copyOfRange(bytes, second, bytes.length)}) {
                        passed.append(go(handling, part));
                    }
                    end(call);
                    assertThat(passed).hasToString(new String(bytes, ISO_8859_1));
                    assertThat(spent(call)).as("%s at %d, %d", lineEnd.length(), first, second).isEqualTo(60_000);
                }
            }
        }
    }

    @Test
    void anEventThatIsNotCompleteDoesNotCount() {
        assertThat(charged(EVENTS, "data: {\"usage\":{\"total\":2}}\n\ndata: {\"usage\":{\"total\":6}}\n"))
                .isEqualTo(20_000);
        assertThat(charged(EVENTS, "data: {\"usage\":{\"total\":2}}")).isEqualTo(100_000);
        assertThat(charged(EVENTS, "retry: 3\n\ndatum: {\"usage\":{\"total\":2}}\n\n")).isEqualTo(100_000);
    }

    @Test
    void aStreamThatGoesOnBeyondItsReserveTakesMoreWhileThereIsMore() {
        Call call = call("100");
        AnswerHandling.Stream handling = open(call, Headers.of("content-type", EVENTS));
        for (int used = 1; used <= 55; used++) {
            go(handling, ("data: {\"usage\":{\"total\":" + used + "}}\n\n").getBytes(UTF_8));
            assertThat(spending.partnersDay()).isGreaterThan(used * 10_000L);
        }
        end(call);

        assertThat(spent(call)).isEqualTo(550_000);
    }

    @Test
    void aStreamThatReachesTheCeilingEndsBehindThatEventWithAClearLastOne() {
        Call call = call("0.25");
        AnswerHandling.Stream handling = open(call, Headers.of("content-type", EVENTS));
        StringBuilder stream = new StringBuilder();
        for (int used = 1; used <= 40; used++) {
            stream.append("data: {\"usage\":{\"total\":").append(used).append("}}\n\n");
        }

        AnswerStep.Last last = (AnswerStep.Last) handling.filter().chunk(buffer(stream.toString().getBytes(UTF_8)));

        String passed = text(last.bytes());
        assertThat(passed).startsWith(stream.substring(0, stream.indexOf("26}}") - 25))
                .contains("{\"total\":25}}\n\nevent: error\ndata: {\"type\":\"urn:sallyport:refusal:budget-exhausted\"")
                .contains("\"violated-policies\":[\"caller-budget\"]").endsWith("}\n\n").doesNotContain("26}}");
        assertThat(last.reason().code()).isEqualTo(RefusalCode.BUDGET_EXHAUSTED);
        handling.filter().close();
        end(call);
        assertThat(spending.partnersDay()).isEqualTo(250_000);
    }

    @Test
    void eventsThatSayNothingCountAsConfiguredSoThatTheStreamEndsInTime() {
        Charge charge = spending.charge(ofPartner(budget("0.25", DAY)), price(2));
        Call call = spending.call(PARTNER);
        passes(charge, call);
        AnswerHandling.Stream handling = (AnswerHandling.Stream) charge.settle()
                .open(spending.sent(call), new ResponseHead(200, Headers.of("content-type", EVENTS), -1));

        int events = 0;
        AnswerStep step;
        do {
            step = handling.filter().chunk(buffer("data: {}\n\n".getBytes(UTF_8)));
            events++;
            switch (step) {
                case AnswerStep.Go(ByteBuf bytes) -> bytes.release();
                case AnswerStep.Last(ByteBuf bytes, _) -> bytes.release();
                case Refusal _,AnswerStep.Later _ -> throw new AssertionError();
            }
        } while (step instanceof AnswerStep.Go);

        assertThat(events).isEqualTo(13);
        end(call);
        assertThat(spending.partnersDay()).isEqualTo(250_000);
    }

    @Test
    void aClientThatHangsUpPaysWhatWasUsedSoFar() {
        Call call = call("100");
        AnswerHandling.Stream handling = open(call, Headers.of("content-type", EVENTS));
        go(handling, "data: {\"usage\":{\"total\":3}}\n\ndata: {\"usa".getBytes(UTF_8));
        end(call);

        assertThat(spent(call)).isEqualTo(30_000);
    }

    /** The budget has room for 12 tokens beyond the ten that are reserved; the answer has used 50. */
    @Test
    void anAnswerThatUsedMoreThanThereIsChargesTheRestAndSaysWhatIsNotCovered() {
        Call call = call("0.22");
        AnswerHandling.Stream handling = open(call, Headers.of("content-type", JSON));
        go(handling, "{\"usage\":{\"total\":50}}".getBytes(UTF_8));
        end(call);

        assertThat(spending.partnersDay()).isEqualTo(220_000);
        assertThat(spending.accounts().uncoveredMicros()).isEqualTo(280_000);
        assertThat(Objects.requireNonNull(call.reservation()).micros()).isEqualTo(220_000);
    }

    @Test
    void severalBudgetsAreChargedAlikeAndTheTightestEndsTheStream() {
        LimitRules rules = LimitRules.of(Map.of("partner", TestingSpending.rule(budget("10", DAY))),
                Map.of("resnet@2", TestingSpending.rule(budget("0.15", DAY))));
        Charge charge = spending.charge(rules, price(0));
        Call call = spending.call(PARTNER);
        passes(charge, call);
        AnswerHandling.Stream handling = (AnswerHandling.Stream) charge.settle()
                .open(spending.sent(call), new ResponseHead(200, Headers.of("content-type", EVENTS), -1));

        AnswerStep.Last last = (AnswerStep.Last) handling.filter()
                .chunk(buffer("data: {\"usage\":{\"total\":15}}\n\n".getBytes(UTF_8)));
        assertThat(text(last.bytes())).contains("model-budget");
        end(call);

        assertThat(spending.partnersDay()).isEqualTo(150_000);
        assertThat(spending.used(Owner.MODEL, "resnet", new Unit.Currency("USD"), DAY)).isEqualTo(150_000);
    }

    private static Price price(long perEvent) {
        return new Price.Metered(Price.picos(new BigDecimal("0.01")),
                new Usage("x-usage", "/usage/total", "/usage/total"), 10, perEvent);
    }

    private Call call(String daily) {
        charge = spending.charge(ofPartner(budget(daily, DAY)), price(0));
        before = spending.partnersDay();
        Call call = spending.call(PARTNER);
        assertThat(passes(charge, call)).isTrue();
        assertThat(charge.settle().readsBody(call)).isTrue();
        return spending.sent(call);
    }

    private Charge charge = spending.charge(ofPartner());
    private long before;

    private AnswerHandling.Stream open(Call call, Headers headers) {
        return (AnswerHandling.Stream) charge.settle().open(call, new ResponseHead(200, headers, -1));
    }

    private long charged(String type, String body) {
        return charged(Headers.of("content-type", type), body);
    }

    private long charged(Headers headers, String body) {
        Call call = call("1000");
        AnswerHandling handling = charge.settle().open(call, new ResponseHead(200, headers, -1));
        if (handling instanceof AnswerHandling.Stream stream) {
            assertThat(go(stream, body.getBytes(UTF_8))).isEqualTo(body);
            stream.filter().close();
        }
        end(call);
        return spent(call);
    }

    private long spent(Call call) {
        long spent = spending.partnersDay() - before;
        assertThat(Objects.requireNonNull(call.reservation()).micros()).isEqualTo(spent);
        // The next one has the whole budget again.
        spending.time().pass(Duration.ofDays(1));
        return spent;
    }

    private static String go(AnswerHandling.Stream handling, byte[] part) {
        return text(((AnswerStep.Go) handling.filter().chunk(buffer(part))).bytes());
    }

    private static ByteBuf buffer(byte[] bytes) {
        return PooledByteBufAllocator.DEFAULT.buffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }

    private static String text(ByteBuf bytes) {
        try {
            return bytes.toString(ISO_8859_1);
        } finally {
            bytes.release();
        }
    }
}
