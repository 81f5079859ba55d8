package dev.sallyport.gateway.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class BodyBufferTest {
    @Test
    void keepsABodyOfOnePartAsItIs() {
        BodyBuffer buffer = new BodyBuffer(5);
        ByteBuf part = Unpooled.copiedBuffer("hello", UTF_8);

        assertThat(buffer.take(part)).isTrue();

        assertThat(buffer.hand()).isSameAs(part);
        part.release();
    }

    @Test
    void refusesTheFirstByteTooMuchAndReleasesIt() {
        BodyBuffer buffer = new BodyBuffer(5);
        ByteBuf one = Unpooled.copiedBuffer("hell", UTF_8);
        ByteBuf two = Unpooled.copiedBuffer("o!", UTF_8);

        assertThat(buffer.take(one)).isTrue();
        assertThat(buffer.take(two)).isFalse();
        assertThat(buffer.take(Unpooled.copiedBuffer("o", UTF_8))).isTrue();

        assertThat(two.refCnt()).isZero();
        ByteBuf whole = buffer.hand();
        assertThat(whole.toString(UTF_8)).isEqualTo("hello");
        whole.release();
        assertThat(one.refCnt()).isZero();
    }

    /** Who sends a body byte by byte must not make us keep a buffer per byte. */
    @Test
    void putsPartsTogetherIntoOneBufferAndLetsGoOfThem() {
        int parts = 50_000;
        BodyBuffer buffer = new BodyBuffer(parts);
        ByteBuf source = Unpooled.wrappedBuffer(new byte[]{7, 8});
        for (int i = 0; i < parts; i++) {
            if (!buffer.take(source.retainedSlice(i & 1, 1))) {
                throw new AssertionError("refused part " + i);
            }
        }
        assertThat(buffer.take(source.retainedSlice())).isFalse();
        assertThat(source.refCnt()).isEqualTo(1);

        ByteBuf whole = buffer.hand();
        assertThat(whole.nioBufferCount()).isEqualTo(1);
        assertThat(whole.readableBytes()).isEqualTo(parts);
        assertThat(whole.getByte(parts - 1)).isEqualTo((byte) 8);
        whole.release();
    }
}
