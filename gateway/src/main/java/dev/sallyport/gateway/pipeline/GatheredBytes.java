package dev.sallyport.gateway.pipeline;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of request bodies all calls together keep until they are whole, and the most that they may. Without it,
 * clients that send large bodies slowly could take all the memory that buffers have. Shared by all event loops.
 */
final class GatheredBytes {
    private static final int SHARE = 4;

    private final long bytesMax;
    private final AtomicLong held = new AtomicLong();

    /** @param bytesMax of all calls together */
    GatheredBytes(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** A quarter of the memory that buffers may have. */
    static GatheredBytes ofThisMachine() {
        return new GatheredBytes(PlatformDependent.maxDirectMemory() / SHARE);
    }

    /** Takes {@code bytes}; returns whether they were to be had, else takes none. */
    boolean take(int bytes) {
        if (held.addAndGet(bytes) <= bytesMax) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    /** Bytes held now. */
    long held() {
        return held.get();
    }
}
