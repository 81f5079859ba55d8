package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class HeadWriterTest {
    private final HeadWriter writer = new HeadWriter(new Scratch());
    private final ByteBuf out = Unpooled.buffer();

    @Test
    void writesAResponse() {
        writer.status(200).fields(Headers.of("content-type", "text/plain", "x", "é")).contentLength(1_234)
                .connection("close").writeTo(out);

        assertThat(written()).isEqualTo(
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nx: é\r\ncontent-length: 1234\r\nconnection: close\r\n\r\n");
    }

    @Test
    void writesARequest() {
        writer.requestLine(request("/a", "b=c")).fields(Headers.of("te", "trailers")).chunked().writeTo(out);
        writer.writeLastChunk(out, Headers.of("x-sum", "1"));

        assertThat(written()).isEqualTo(
                "POST /a?b=c HTTP/1.1\r\nhost: a.example\r\nte: trailers\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx-sum: 1\r\n\r\n");
    }

    @Test
    void neverWritesAControlCharacterInAField() {
        writer.status(204).field("x", "a\r\nset-cookie: b\0\u010d\u010ac\u007f\td").writeTo(out);

        assertThat(written()).isEqualTo("HTTP/1.1 204 No Content\r\nx: a  set-cookie: b   c \td\r\n\r\n");
    }

    @Test
    void refusesARequestLineThatHoldsMoreThanOneLine() {
        assertThatThrownBy(() -> writer.requestLine(request("/a\r\nx: y", null)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.requestLine(request("/a b", null)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.requestLine(request("/", "\u010a")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void growsWithALargeHead() {
        writer.status(200).field("x", "v".repeat(100_000)).writeTo(out);

        assertThat(written()).hasSize(17 + 3 + 100_000 + 4);
    }

    private static RequestHead request(String path, @org.jspecify.annotations.Nullable String query) {
        return new RequestHead(Protocol.HTTP_1_1, "POST", "http", "a.example", path, query, new Headers(), 0, null);
    }

    private String written() {
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
