package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP/1 server connection sends. Small pieces are collected, so that a head and a small body leave in one
 * system call; nothing is flushed more than once per turn of the event loop; a client that takes nothing is disconnected.
 */
final class Http1Output {
    private static final int COPIED_BYTES_MAX = 4 * 1024;
    private static final int ROOM_BYTES = 1024;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final Channel channel;
    private final LoopTimer timer;
    private final HeadWriter heads;
    private final Runnable flushTask = this::flushScheduled;
    private final WriteStall stall;

    private @Nullable ByteBuf collected;
    private boolean flushNeeded;
    private boolean scheduled;

    Http1Output(Channel channel, LoopContext loop, Limits limits) {
        this.channel = channel;
        timer = loop.timer();
        stall = new WriteStall(timer, limits.writeStallMillis());
        heads = new HeadWriter(loop.scratch());
    }

    /** For the head that is to be sent next; end it with {@link #head()}. */
    HeadWriter heads() {
        return heads;
    }

    /** Sends the head that {@link #heads()} has. */
    void head() {
        heads.writeTo(room(ROOM_BYTES));
    }

    /** Sends {@code data} as it is; takes ownership. */
    void data(ByteBuf data) {
        piece(data);
        relieve();
    }

    /** Most often the client takes at once what has piled up, and nobody has to be paused. */
    private void relieve() {
        if (!channel.isWritable()) {
            flush();
        }
    }

    private void piece(ByteBuf data) {
        int bytes = data.readableBytes();
        if (bytes <= COPIED_BYTES_MAX) {
            room(bytes).writeBytes(data);
            data.release();
        } else {
            write();
            channel.write(data, channel.voidPromise());
            flushNeeded = true;
        }
    }

    /** Sends {@code data}, which is not empty, as one chunk; takes ownership. */
    void chunk(ByteBuf data) {
        hex(data.readableBytes());
        piece(data);
        endLine();
        relieve();
    }

    void lastChunk(Headers trailers) {
        heads.writeLastChunk(room(ROOM_BYTES), trailers);
    }

    boolean writable() {
        return channel.isWritable();
    }

    /** Has what was sent leave at the end of this turn of the loop. */
    void flushSoon() {
        if (!scheduled) {
            scheduled = true;
            channel.eventLoop().execute(flushTask);
        }
    }

    private void flushScheduled() {
        scheduled = false;
        flush();
    }

    void flush() {
        write();
        if (flushNeeded) {
            flushNeeded = false;
            channel.flush();
            stall.watch(channel);
        }
    }

    /** Has {@code action} run once everything has been sent, or cannot be. */
    void whenSent(Runnable action) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> action.run());
    }

    /** Gives up what was not written yet. */
    void close() {
        if (collected != null) {
            collected.release();
            collected = null;
        }
        timer.disarm(stall);
    }

    private void write() {
        if (collected != null) {
            channel.write(collected, channel.voidPromise());
            collected = null;
            flushNeeded = true;
        }
    }

    private ByteBuf room(int bytes) {
        if (collected == null) {
            collected = channel.alloc().directBuffer(Math.max(ROOM_BYTES, bytes));
        }
        return collected;
    }

    private void hex(int value) {
        ByteBuf out = room(ROOM_BYTES);
        int shift = 28 - (Integer.numberOfLeadingZeros(value) & ~3);
        for (; shift >= 0; shift -= 4) {
            out.writeByte(HEX[value >>> shift & 15]);
        }
        endLine();
    }

    private void endLine() {
        room(2).writeByte('\r').writeByte('\n');
    }
}
