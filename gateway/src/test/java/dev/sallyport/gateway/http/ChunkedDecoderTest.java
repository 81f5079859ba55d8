package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkedDecoderTest {
    private final ChunkedDecoder decoder = new ChunkedDecoder(Limits.DEFAULTS, new Scratch());

    @Test
    void readsChunksAndDropsTheirExtensions() throws ProtocolViolation {
        assertThat(decode("5;a;b=c;d=\"e;\\\" f\"\r\nhello\r\nA\r\n0123456789\r\n0;x\r\n\r\n"))
                .isEqualTo("hello0123456789");
        assertThat(decoder.done()).isTrue();
        assertThat(decoder.trailers().isEmpty()).isTrue();
    }

    @Test
    void letsOnlyHarmlessTrailersPass() throws ProtocolViolation {
        decode("0\r\nGrpc-Status: 0\r\nX-Sum: 1\r\nAuthorization: x\r\nContent-Length: 5\r\nX-Forwarded-For: y\r\nX-Forwarded-Thing: z\r\nx_a: b\r\n\r\n");

        assertThat(decoder.trailers()).hasToString("Headers[grpc-status, x-sum]");
    }

    @Test
    void leavesWhatFollowsTheBody() throws ProtocolViolation {
        ByteBuf in = buffer("1\r\na\r\n0\r\n\r\nGET");
        drain(in);

        assertThat(decoder.done()).isTrue();
        assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("GET");
    }

    @Test
    void readsOneBodyAfterAnother() throws ProtocolViolation {
        assertThat(decode("1\r\na\r\n0\r\nX: y\r\n\r\n")).isEqualTo("a");
        decoder.begin();
        assertThat(decode("2\r\nbc\r\n0\r\n\r\n")).isEqualTo("bc");
        assertThat(decoder.trailers().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\r\n", "-5\r\n", "+5\r\n", "0x5\r\n", "5 \r\n", " 5\r\n", "5\n", "5\r\r\n", "g\r\n", "5\0\r\n",
        "ffffffffffffffff\r\n", "00000000000000005\r\n",
        "5;\r\n", "5;a=\r\n", "5;a=\"\r\n", "5;a=\"b\"c\r\n", "5;a\rb\r\n", "5;a\n\r\n", "5 ;a\r\n", "5; a\r\n",
        "3\r\nhello", "5\r\nhello\n", "5\r\nhello\rX",
        "0\n\r\n", "0\r\n\n", "0\r\nX: y\n\r\n", "0\r\n: y\r\n\r\n", "0\r\nX: y\r\n z\r\n\r\n", "0\r\nX"
    })
    void refusesWhatTwoParsersCouldReadDifferently(String body) {
        ChunkedDecoder fresh = new ChunkedDecoder(Limits.DEFAULTS, new Scratch());
        assertThat(catchThrowableOfType(ProtocolViolation.class,
                () -> drain(fresh, buffer(body + (body.endsWith("X") ? "\r\n" : ""))))).isNotNull();
    }

    @Test
    void acceptsExtensionsAtTheirLimitInAllAndRefusesOneByteMore() throws ProtocolViolation {
        String half = "1;" + "a".repeat(2_047) + "\r\nx\r\n";
        assertThat(decode(half + half)).isEqualTo("xx");
        assertThat(catchThrowableOfType(ProtocolViolation.class, () -> decode("0;\r\n\r\n"))).isNotNull();
        decoder.begin();
        assertThat(catchThrowableOfType(ProtocolViolation.class, () -> decode(half + half + "1;a\r\n")))
                .hasMessageContaining("4096");
    }

    private String decode(String body) throws ProtocolViolation {
        return drain(decoder, buffer(body));
    }

    private void drain(ByteBuf in) throws ProtocolViolation {
        drain(decoder, in);
    }

    private static String drain(ChunkedDecoder decoder, ByteBuf in) throws ProtocolViolation {
        StringBuilder body = new StringBuilder();
        for (ByteBuf chunk = decoder.next(in); chunk != null; chunk = decoder.next(in)) {
            body.append(chunk.toString(StandardCharsets.ISO_8859_1));
            chunk.release();
        }
        return body.toString();
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.buffer().writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
