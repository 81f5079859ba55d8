package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestParserTest {
    private final RequestParser parser = new RequestParser(Limits.DEFAULTS, new Scratch());

    @Test
    void readsAHead() throws ProtocolViolation {
        assertThat(parse(
                "POST /v1/x?a=b HTTP/1.1\r\nHost: a.example\r\nX-One:  1 \r\nACCEPT: */*\r\nContent-Length: 5\r\n\r\nhello"))
                .isTrue();

        assertThat(parser.method()).isEqualTo("POST");
        assertThat(parser.protocol()).isEqualTo(Protocol.HTTP_1_1);
        assertThat(parser.target().path()).isEqualTo("/v1/x");
        assertThat(parser.target().query()).isEqualTo("a=b");
        assertThat(parser.fields().host()).isEqualTo("a.example");
        assertThat(parser.fields().contentLength()).isEqualTo("5");
        assertThat(parser.fields().headers().first("x-one")).isEqualTo("1");
        assertThat(parser.fields().headers().first("accept")).isEqualTo("*/*");
        assertThat(parser.fields().headers().size()).isEqualTo(2);
    }

    @Test
    void leavesWhatFollowsTheHead() throws ProtocolViolation {
        ByteBuf in = buffer("GET / HTTP/1.1\r\nHost: a\r\n\r\nrest");

        assertThat(parser.parse(in)).isTrue();
        assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("rest");
    }

    @Test
    void readsOneHeadAfterAnother() throws ProtocolViolation {
        ByteBuf in = buffer("GET /1 HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\nGET /2 HTTP/1.0\r\nHost: b\r\n\r\n");

        assertThat(parser.parse(in)).isTrue();
        assertThat(parser.parse(in)).isTrue();
        assertThat(parser.target().path()).isEqualTo("/2");
        assertThat(parser.protocol()).isEqualTo(Protocol.HTTP_1_0);
        assertThat(parser.fields().host()).isEqualTo("b");
        assertThat(parser.fields().headers().isEmpty()).isTrue();
    }

    @Test
    void readsAHeadLongerThanItsFirstWindow() throws ProtocolViolation {
        String value = "v".repeat(60_000);

        assertThat(parse("GET / HTTP/1.1\r\nHost: a\r\nX: " + value + "\r\nY: " + value + "\r\n\r\n")).isTrue();
        assertThat(parser.fields().headers().first("y")).isEqualTo(value);
    }

    @Test
    void removesWhatEndsAtThisHop() throws ProtocolViolation {
        parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: X-A, close\r\nX-A: 1\r\nX-B: 2\r\nKeep-Alive: 5\r\nTE: trailers, gzip\r\nProxy: x\r\nUpgrade: h2c\r\nx_b: 3\r\n\r\n");

        assertThat(parser.fields().headers()).hasToString("Headers[x-b, te]");
        assertThat(parser.fields().headers().first("te")).isEqualTo("trailers");
        assertThat(parser.fields().close()).isTrue();
        assertThat(parser.fields().upgrade()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\n",
        "GET / HTTP/1.1\r\nX: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n", "GET / HTTP/1.1\r\n X: a\r\n\r\n", "GET / HTTP/1.1\r\nX : a\r\n\r\n",
        "GET / HTTP/1.1\r\n: a\r\n\r\n",
        "GET / HTTP/1.1\r\nX\r\n\r\n", "GET / HTTP/1.1\r\nX: a\0\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n",
        "get / HTTP/1.1\r\n\r\n", "GET /\r\n\r\n",
        "GET / HTTP/1.1 \r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n",
        "GET / HTTP/1.1\r\nConnection: Authorization\r\n\r\n", "\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n"})
    void refusesWhatTwoHopsCouldReadDifferently(String head) {
        assertThat(violation(head).code()).isEqualTo(RefusalCode.MALFORMED_REQUEST);
    }

    @Test
    void namesTheReasonOfOtherRefusals() {
        assertThat(violation("GET / HTTP/2.0\r\n\r\n").code()).isEqualTo(RefusalCode.VERSION_NOT_SUPPORTED);
        assertThat(violation("GET / HTTP/1.2\r\n\r\n").code()).isEqualTo(RefusalCode.VERSION_NOT_SUPPORTED);
        assertThat(violation("CONNECT a:443 HTTP/1.1\r\n\r\n").code()).isEqualTo(RefusalCode.NOT_IMPLEMENTED);
        assertThat(violation("TRACE / HTTP/1.1\r\n\r\n").code()).isEqualTo(RefusalCode.NOT_IMPLEMENTED);
    }

    @Test
    void acceptsATargetAtItsLimitAndRefusesOneByteMore() throws ProtocolViolation {
        String path = "/" + "a".repeat(8_191);
        assertThat(parse("GET " + path + " HTTP/1.1\r\n\r\n")).isTrue();
        assertThat(violation("GET " + path + "a HTTP/1.1\r\n\r\n").code()).isEqualTo(RefusalCode.TARGET_TOO_LONG);
        assertThat(violation("GET " + path + "aa").code()).isEqualTo(RefusalCode.TARGET_TOO_LONG);
    }

    @Test
    void acceptsAFieldAtItsLimitAndRefusesOneByteMore() throws ProtocolViolation {
        String value = "a".repeat(65_535);
        assertThat(parse("GET / HTTP/1.1\r\nX: " + value + "\r\n\r\n")).isTrue();
        assertThat(violation("GET / HTTP/1.1\r\nX: " + value + "a\r\n\r\n").code())
                .isEqualTo(RefusalCode.HEADER_TOO_LARGE);
    }

    @Test
    void acceptsAFieldNameAtItsLimitAndRefusesOneByteMore() throws ProtocolViolation {
        String name = "n".repeat(8_192);
        assertThat(parse("GET / HTTP/1.1\r\n" + name + ": a\r\n\r\n")).isTrue();
        assertThat(violation("GET / HTTP/1.1\r\nn" + name + ": a\r\n\r\n").code())
                .isEqualTo(RefusalCode.HEADER_TOO_LARGE);
    }

    @Test
    void acceptsAsManyFieldsAsTheLimitAndRefusesOneMore() throws ProtocolViolation {
        assertThat(parse("GET / HTTP/1.1\r\n" + "X: a\r\n".repeat(1_000) + "\r\n")).isTrue();
        assertThat(violation("GET / HTTP/1.1\r\n" + "X: a\r\n".repeat(1_001) + "\r\n").code())
                .isEqualTo(RefusalCode.HEADER_TOO_LARGE);
    }

    @Test
    void acceptsASectionAtItsLimitAndRefusesOneByteMore() throws ProtocolViolation {
        assertThat(parse("GET / HTTP/1.1\r\n" + pad(131_070) + "\r\n")).isTrue();
        assertThat(violation("GET / HTTP/1.1\r\n" + pad(131_071) + "\r\n").code())
                .isEqualTo(RefusalCode.HEADER_TOO_LARGE);
    }

    @Test
    void refusesAFieldThatNeverEndsOnceItPassesTheSectionLimit() {
        ByteBuf in = buffer("GET / HTTP/1.1\r\nX: ");
        assertThatThrownBy(() -> {
            for (int i = 0; i < 200; i++) {
                assertThat(parser.parse(in)).isFalse();
                in.writeBytes("a".repeat(1_000).getBytes(StandardCharsets.ISO_8859_1));
            }
        }).isInstanceOf(ProtocolViolation.class);
        assertThat(in.readableBytes()).isLessThan(133_000);
    }

    /** Two fields that, with their line ends, take {@code length} bytes. */
    private static String pad(int length) {
        String first = "X: " + "a".repeat(65_530) + "\r\n";
        return first + "Y: " + "a".repeat(length - first.length() - 5) + "\r\n";
    }

    private boolean parse(String head) throws ProtocolViolation {
        return parser.parse(buffer(head));
    }

    private static ProtocolViolation violation(String head) {
        RequestParser fresh = new RequestParser(Limits.DEFAULTS, new Scratch());
        return catchThrowableOfType(ProtocolViolation.class, () -> fresh.parse(buffer(head)));
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.buffer().writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
