package dev.sallyport.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

final class LeakGuardTest {
    @Test
    void findsABufferThatNobodyReleased() throws InterruptedException {
        forget();

        assertThat(LeakGuard.leaksFound()).singleElement().asString().contains("ByteBuf", "LeakGuardTest.forget");
    }

    @Test
    void staysSilentAboutABufferThatWasReleased() throws InterruptedException {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).release();

        assertThat(LeakGuard.leaksFound()).isEmpty();
    }

    private static void forget() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16);
    }
}
