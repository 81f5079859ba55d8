package dev.sallyport.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/** Closes a connection whose other end takes none of what was written to it for too long. One per connection. */
final class WriteStall extends LoopTimer.Timeout {
    private final LoopTimer timer;
    private final long stallMillis;
    private @Nullable Channel channel;
    private @Nullable Object current;
    private long progress;
    private long pending;

    WriteStall(LoopTimer timer, long stallMillis) {
        this.timer = timer;
        this.stallMillis = stallMillis;
    }

    /** To be called after each flush. */
    void watch(Channel flushed) {
        ChannelOutboundBuffer buffer = flushed.unsafe().outboundBuffer();
        if (buffer != null && !buffer.isEmpty() && !armed()) {
            channel = flushed;
            remember(buffer);
            timer.armMillis(this, stallMillis);
        }
    }

    private void remember(ChannelOutboundBuffer buffer) {
        current = buffer.current();
        progress = buffer.currentProgress();
        pending = buffer.totalPendingWriteBytes();
    }

    @Override
    protected void expired() {
        ChannelOutboundBuffer buffer = channel == null ? null : channel.unsafe().outboundBuffer();
        if (channel == null || buffer == null || buffer.isEmpty()) {
            current = null;
            return;
        }
        if (buffer.current() == current && buffer.currentProgress() == progress
                && buffer.totalPendingWriteBytes() >= pending) {
            channel.close();
            return;
        }
        remember(buffer);
        timer.armMillis(this, stallMillis);
    }
}
