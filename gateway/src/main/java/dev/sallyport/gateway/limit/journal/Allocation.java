package dev.sallyport.gateway.limit.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** How a new file gets its room on the disk. */
interface Allocation {
    int CHUNK_BYTES = 64 << 10;

    /** Writes zeros, so that a full disk fails here and not when mapped memory is written to. */
    Allocation ZEROS = (channel, bytes) -> {
        ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
        for (long written = 0; written < bytes;) {
            zeros.clear().limit((int) Math.min(CHUNK_BYTES, bytes - written));
            written += channel.write(zeros, written);
        }
    };

    void allocate(FileChannel channel, long bytes) throws IOException;
}
